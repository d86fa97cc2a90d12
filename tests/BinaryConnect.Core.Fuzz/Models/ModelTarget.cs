using BinaryConnect.Data;
using BinaryConnect.Fuzz.Tensors;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Fuzz.Models;

/// <summary>
/// Files that <see cref="ModelFile"/> opens. One that it accepts predicts a class for any row, has finite scores where
/// no value is large, and is saved with the same tensors and texts.
/// </summary>
internal sealed class ModelTarget : IFuzzTarget<ModelMutant, ModelContent>, IDisposable
{
    private const int Rows = 3, MostFeatures = 4096;

    private readonly TemporaryFolder _folder = new();
    private readonly ModelOriginal[] _originals;
    private readonly string _path;

    public ModelTarget()
    {
        _originals = ModelOriginals.Models(_folder.Path);
        _path = _folder.PathOf("mutant");
    }

    public void Dispose() => _folder.Dispose();

    public ModelMutant Make(Random random) => ModelMutants.Make(random, _originals);

    public ModelContent Read(ModelMutant mutant)
    {
        if (mutant.IsFile) File.WriteAllBytes(_path, mutant.Content);
        Sequential network = mutant.IsFile
            ? ModelFile.Load(_path, out ModelFacts facts)
            : ModelFile.Load(new MemoryStream(mutant.Content), out facts);
        return new ModelContent(network, facts);
    }

    public string? FaultOf(ModelMutant mutant, ModelContent result)
    {
        if (ModelRules.FaultOf(mutant) is { } damaged) return damaged;
        if (mutant.IsFile && FaultOfInspection(mutant, mustRead: true) is { } inspected) return inspected;
        var file = TensorFile.Parse(mutant.Content);
        if (FaultOfScores(result, SavedFile.IsOrdinary(file, TensorFile.Parse(mutant.Whole))) is { } scores) return scores;
        if (FaultOfPacking(result) is { } packing) return packing;
        byte[] saved = Save(result);
        Sequential again = ModelFile.Load(new MemoryStream(saved), out ModelFacts facts);
        if (!Save(new ModelContent(again, facts)).AsSpan().SequenceEqual(saved)) return "saved twice, it differs.";
        return IsCheckpoint(file) ? null : SavedFile.Difference(file, TensorFile.Parse(saved), MustBeKept);
    }

    public string? FaultOf(ModelMutant mutant, Exception refusal) =>
        ModelRules.FaultOf(mutant, refusal, _path) ?? (mutant.IsFile ? FaultOfInspection(mutant, mustRead: false) : null);

    public long UnpackedLength(ModelMutant mutant) => mutant.Content.Length;

    // Other texts are not read.
    private static bool MustBeKept(string key) =>
        key.StartsWith("note.", StringComparison.Ordinal) || key.StartsWith("class.", StringComparison.Ordinal)
        || key is "input_scale" or "input_shift" or "format" or "version" or "model" or "model.input" or "model.seed";

    private static bool IsCheckpoint(TensorFile file) => (string?)file.Metadata["format"] == "BinaryConnect checkpoint";

    private static byte[] Save(ModelContent content)
    {
        using var stream = new MemoryStream();
        content.Network.Save(stream, content.Facts);
        return stream.ToArray();
    }

    private static string? FaultOfScores(ModelContent content, bool isOrdinary)
    {
        (Sequential network, ModelFacts facts) = content;
        int features = network.FeatureCount, classes = network.ClassCount;
        if (network.Slots.Max(slot => Math.Max(slot.Input.Length, slot.Output.Length)) > MostFeatures) return null;
        byte[] bytes = new byte[Rows * features];
        new Random(features).NextBytes(bytes);
        bytes.AsSpan(0, features).Clear();
        bytes.AsSpan(features, features).Fill(byte.MaxValue);
        float[] x = Array.ConvertAll(bytes, value => value / 255f), scores = new float[Rows * classes];
        int[] predicted = new int[Rows];
        network.Infer(new Batch(x, Rows), scores);
        network.Predict(x, predicted);
        if (ModelRules.FaultOf(scores, predicted, classes, isOrdinary) is { } fault) return fault;
        network.Infer(new Batch(bytes, Rows, facts.InputScale, facts.InputShift), scores);
        network.Predict(bytes, facts.InputScale, facts.InputShift, predicted);
        return ModelRules.FaultOf(scores, predicted, classes, isOrdinary);
    }

    // The packer refuses folded scales that are infinite, and sign activations.
    private static string? FaultOfPacking(ModelContent content)
    {
        try
        {
            var packed = ModelPacker.Pack(content.Network, content.Facts);
            return packed.ClassCount == content.Network.ClassCount ? null : $"it was packed with {packed.ClassCount} classes.";
        }
        catch (ArgumentException refusal)
        {
            bool isNoForm = content.Network.Layers.Any(layer => layer is SignActivation)
                && refusal.Message.Contains("must override 'TryExport'", StringComparison.Ordinal);
            bool isInfinite = refusal.Message.Contains("finite", StringComparison.Ordinal);
            return isNoForm || isInfinite ? null : $"it was not packed: {refusal}";
        }
    }

    private string? FaultOfInspection(ModelMutant mutant, bool mustRead)
    {
        bool mustReadFacts = mustRead && !IsCheckpoint(TensorFile.Parse(mutant.Content));
        return FaultOfInspection(mutant, () => ModelFile.Inspect(_path), mustRead)
            ?? FaultOfInspection(mutant, () => ModelFile.InspectFacts(_path), mustReadFacts);
    }

    private string? FaultOfInspection(ModelMutant mutant, Func<object> inspect, bool mustRead)
    {
        try
        {
            inspect();
            return ModelRules.FaultOf(mutant);
        }
        catch (Exception refusal)
        {
            if (mustRead) return $"it was loaded, and not inspected: {refusal.Message}";
            string? fault = ModelRules.FaultOf(mutant, refusal, _path);
            return mutant.IsWhole ? null : fault;
        }
    }
}

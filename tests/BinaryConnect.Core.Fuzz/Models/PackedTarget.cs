using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using BinaryConnect.Fuzz.Tensors;
using BinaryConnect.Inference;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Fuzz.Models;

/// <summary>
/// Files that <see cref="PackedModel"/> opens. One that it accepts predicts a class for any row, has finite scores
/// where no value is large, and is saved with the same tensors and texts.
/// </summary>
internal sealed partial class PackedTarget : IFuzzTarget<ModelMutant, PackedModel>, IDisposable
{
    private const int Rows = 3, MostValues = 4096;

    private readonly TemporaryFolder _folder = new();
    private readonly ModelOriginal[] _originals = ModelOriginals.Packed();
    private readonly string _path;

    public PackedTarget() => _path = _folder.PathOf("mutant");

    public void Dispose() => _folder.Dispose();

    public ModelMutant Make(Random random) => ModelMutants.Make(random, _originals);

    public PackedModel Read(ModelMutant mutant)
    {
        if (!mutant.IsFile) return PackedModel.Load(new MemoryStream(mutant.Content));
        File.WriteAllBytes(_path, mutant.Content);
        return PackedModel.Load(_path);
    }

    public string? FaultOf(ModelMutant mutant, PackedModel result)
    {
        if (ModelRules.FaultOf(mutant) is { } damaged) return damaged;
        var file = TensorFile.Parse(mutant.Content);
        if (result.Layers.Max(layer => Math.Max(layer.Inputs, layer.Outputs)) > MostValues) return null;
        bool isOrdinary = SavedFile.IsOrdinary(file, TensorFile.Parse(mutant.Whole));
        float[] scores = new float[2 * Rows * result.ClassCount];
        if (FaultOfScores(result, scores, isOrdinary) is { } fault) return fault;
        byte[] saved = Save(result);
        var again = PackedModel.Load(new MemoryStream(saved));
        if (!Save(again).AsSpan().SequenceEqual(saved)) return "saved twice, it differs.";
        float[] scoresAgain = new float[scores.Length];
        if (FaultOfScores(again, scoresAgain, isOrdinary) is { } other) return other;
        if (!MemoryMarshal.AsBytes<float>(scores).SequenceEqual(MemoryMarshal.AsBytes<float>(scoresAgain)))
            return "saved and loaded, it has other scores.";
        return SavedFile.Difference(file, TensorFile.Parse(saved), key => MustBeKept(key, result.Layers.Count));
    }

    public string? FaultOf(ModelMutant mutant, Exception refusal) => ModelRules.FaultOf(mutant, refusal, _path);

    public long UnpackedLength(ModelMutant mutant) => mutant.Content.Length;

    // Other texts are not read.
    private static bool MustBeKept(string key, int layers)
    {
        if (key.StartsWith("class.", StringComparison.Ordinal)) return true;
        if (LayerText().Match(key) is { Success: true } match) return int.Parse(match.Groups[1].Value, null) < layers;
        return key is "format" or "version" or "input" or "input_scale" or "input_shift" or "layers";
    }

    [GeneratedRegex(@"^layer(0|[1-9][0-9]{0,8})\.(low|high|input_scale|input_shift)$")]
    private static partial Regex LayerText();

    private static byte[] Save(PackedModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    // Scores of floats, then of bytes.
    private static string? FaultOfScores(PackedModel model, Span<float> scores, bool isOrdinary)
    {
        int features = model.FeatureCount, classes = model.ClassCount;
        byte[] bytes = new byte[Rows * features];
        new Random(features).NextBytes(bytes);
        bytes.AsSpan(0, features).Clear();
        bytes.AsSpan(features, features).Fill(byte.MaxValue);
        float[] x = Array.ConvertAll(bytes, value => value / 255f);
        int[] predicted = new int[Rows];
        Span<float> ofFloats = scores[..(Rows * classes)], ofBytes = scores[(Rows * classes)..];
        model.Scores(x, ofFloats);
        model.Predict(x, predicted);
        if (ModelRules.FaultOf(ofFloats, predicted, classes, isOrdinary) is { } fault) return fault;
        model.Scores(bytes, ofBytes);
        model.Predict(bytes, predicted);
        if (ModelRules.FaultOf(ofBytes, predicted, classes, isOrdinary) is { } other) return other;
        double[] last = Array.ConvertAll(x[^features..], value => (double)value);
        double[] scaled = Array.ConvertAll(bytes[^features..], value => (double)value * model.InputScale);
        double[] shifted = Array.ConvertAll(scaled, value => value + model.InputShift);
        double[] magnitudes = Array.ConvertAll(scaled, value => Math.Abs(value) + Math.Abs(model.InputShift));
        return PackedReference.FaultOf(model, last, last, ofFloats[^classes..])
            ?? PackedReference.FaultOf(model, shifted, magnitudes, ofBytes[^classes..]);
    }
}

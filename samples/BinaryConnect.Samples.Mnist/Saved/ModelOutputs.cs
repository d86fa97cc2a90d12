using System.Globalization;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>The files of a trained model that a run writes.</summary>
/// <param name="SaveFile">The file of the latent weights, by --save; null for none.</param>
/// <param name="PackFile">The file of the packed model, by --pack; null for none.</param>
internal sealed record ModelOutputs(string? SaveFile, string? PackFile)
{
    /// <summary>The rows that choose scales of 8-bit activations in the packed model; null for exact ones.</summary>
    public Dataset? Calibration { get; init; }

    /// <summary>Throws if a file could not be written, so that a fault is found before the run.</summary>
    public void CheckWritable()
    {
        foreach (string? file in new[] { SaveFile, PackFile })
        {
            if (file is not null) WholeFile.CheckReplaceable(file);
        }
    }

    /// <summary>
    /// The weights that a model of these options predicts with: latent where the run is tested with latent weights, or
    /// with the average of networks drawn at random; otherwise those of inference.
    /// </summary>
    public static EvaluationWeights WeightsFor(TrainerOptions options) =>
        options.Binarizer is IdentityBinarizer
        || options.EvaluationWeights is EvaluationWeights.Latent or EvaluationWeights.SampledAverage
            ? EvaluationWeights.Latent
            : EvaluationWeights.Inference;

    /// <summary>Writes the model, and says what each file predicts.</summary>
    /// <param name="text">The stream of conclusions.</param>
    /// <param name="model">The trained model, which then predicts with the same weights as the files.</param>
    /// <param name="test">The test set, with the scale and shift of the training.</param>
    /// <param name="options">The options of the training.</param>
    /// <param name="facts">Facts of the training by name, for the notes of the file.</param>
    public void Write(
        TextWriter text, Sequential model, Dataset test, TrainerOptions options, IReadOnlyDictionary<string, string> facts)
    {
        if (SaveFile is null && PackFile is null) return;
        EvaluationWeights weights = WeightsFor(options);
        var saved = new SavedModel(model, weights, test.Scale, test.Shift);
        if (SaveFile is not null)
        {
            double accuracy = saved.AccuracyOn(test);
            var notes = new Dictionary<string, string>(facts)
            {
                [SavedModel.WeightsNote] = OptionParsing.NameOf(weights),
                ["test_accuracy"] = accuracy.ToString(CultureInfo.InvariantCulture),
            };
            WholeFile.Naming(SaveFile, () => model.Save(SaveFile, ModelFacts.Of(test) with { Notes = notes }));
            text.WriteLine($"Saved in {SaveFile}: {new FileInfo(SaveFile).Length:N0} bytes, {saved.Describe(accuracy)}");
        }

        if (PackFile is null) return;
        PackedModel packed = saved.Pack();
        if (Calibration is not null) packed = ModelPacker.PackActivations(packed, Calibration).Model;
        WholeFile.Naming(PackFile, () => packed.Save(PackFile));
        var read = new SavedModel(packed);
        text.WriteLine(
            $"Packed in {PackFile}: {new FileInfo(PackFile).Length:N0} bytes, {read.Describe(read.AccuracyOn(test))}");
    }
}

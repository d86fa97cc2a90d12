using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>A model of a file, with latent weights or packed, which classifies images of bytes.</summary>
internal sealed class SavedModel
{
    /// <summary>The note that tells the weights to predict with.</summary>
    public const string WeightsNote = "weights";

    private const string Prefix = "note.";

    // The others need the run: its last step, or its random networks.
    private static readonly EvaluationWeights[] Usable = [EvaluationWeights.Inference, EvaluationWeights.Latent];

    private readonly float _scale, _shift;

    /// <summary>A model with latent weights, which predicts with inference weights or with the latent ones.</summary>
    public SavedModel(Sequential network, EvaluationWeights weights, float scale, float shift)
    {
        Network = network;
        Weights = weights;
        _scale = scale;
        _shift = shift;
        network.Binarize(BinarizerOf(weights), forInference: true);
    }

    /// <summary>A packed model.</summary>
    public SavedModel(PackedModel packed)
    {
        Packed = packed;
        Weights = packed.Layers.Any(layer => !layer.Weights.IsEmpty) ? EvaluationWeights.Latent : EvaluationWeights.Inference;
    }

    /// <summary>The model with latent weights; null for a packed one.</summary>
    public Sequential? Network { get; }

    /// <summary>The packed model; null for one with latent weights.</summary>
    public PackedModel? Packed { get; }

    /// <summary>
    /// The weights that it predicts with, inference or latent; latent if a layer of a packed model has real weights.
    /// </summary>
    public EvaluationWeights Weights { get; }

    /// <summary>What its file holds, in the output.</summary>
    public string Kind => Packed is null ? "model" : "packed model";

    /// <summary>The number of pixels of an image.</summary>
    public int FeatureCount => Packed?.FeatureCount ?? Network!.FeatureCount;

    /// <summary>The number of classes.</summary>
    public int ClassCount => Packed?.ClassCount ?? Network!.ClassCount;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">It holds no model, or is damaged.</exception>
    /// <exception cref="IOException">It cannot be read, or does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SavedModel Open(string path)
    {
        IReadOnlyDictionary<string, string> texts = ModelFile.Inspect(path);
        switch (FileContent.KindOf(texts))
        {
            case FileContent.PackedModel:
                return new SavedModel(PackedModel.Load(path));
            case FileContent.Model:
                return Open(path, WeightsOf(texts, path));
            case FileContent.Checkpoint:
                return Open(path, WeightsOf(texts));
            default:
                throw new InvalidDataException(
                    $"'{path}' is no file of this library; it must be a model that --save wrote, or --pack.");
        }
    }

    /// <summary>Throws if images of so many pixels, or so many classes, are not those of the model.</summary>
    /// <exception cref="InvalidDataException">They are not.</exception>
    public void CheckFits(string path, int pixels, string images, int? classes = null)
    {
        if (pixels != FeatureCount)
        {
            throw new InvalidDataException(
                $"{images} have {pixels:N0} pixels; they must have as many as the inputs of '{path}', {FeatureCount:N0}.");
        }

        if (classes is int count && count != ClassCount)
        {
            throw new InvalidDataException(
                $"{images} have {count:N0} classes; they must have as many as '{path}', {ClassCount:N0}.");
        }
    }

    /// <summary>The class of each image.</summary>
    /// <param name="pixels">[n, f], each from 0 to 255.</param>
    /// <param name="classes">Takes the classes, [n].</param>
    public void Predict(ReadOnlySpan<byte> pixels, Span<int> classes)
    {
        if (Packed is not null) Packed.Predict(pixels, classes);
        else Network!.Predict(pixels, _scale, _shift, classes);
    }

    /// <summary>The share of images whose class is their label.</summary>
    public double AccuracyOn(Dataset images) => (double)CorrectOf(images) / images.Count;

    /// <summary>The number of images whose class is their label.</summary>
    public int CorrectOf(Dataset images)
    {
        int[] classes = new int[images.Count];
        Predict(Pixels.Of(images), classes);
        return classes.Zip(images.Labels.ToArray()).Count(pair => pair.First == pair.Second);
    }

    /// <summary>Packs a model with latent weights: real ones stay real.</summary>
    /// <exception cref="InvalidDataException">A layer or a value cannot be packed.</exception>
    public PackedModel Pack()
    {
        try
        {
            return ModelPacker.Pack(Network!, _scale, _shift, BinarizerOf(Weights));
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException(fault.Message, fault);
        }
    }

    /// <summary>An accuracy and the weights that it is of, in the output.</summary>
    public string Describe(double accuracy) =>
        $"test accuracy {accuracy:F4} with {WeightsText.Of(Weights)}";

    private static IBinarizer BinarizerOf(EvaluationWeights weights) =>
        weights == EvaluationWeights.Inference ? new DeterministicBinarizer() : new IdentityBinarizer();

    private static SavedModel Open(string path, EvaluationWeights weights)
    {
        Sequential network = ModelFile.Load(path, out ModelFacts facts);
        return new SavedModel(network, weights, facts.InputScale, facts.InputShift);
    }

    // Those that the run of a checkpoint evaluates; an average of sampled weights is near the real ones.
    private static EvaluationWeights WeightsOf(IReadOnlyDictionary<string, string> texts) =>
        texts.GetValueOrDefault("binarizer") == "identity"
        || texts.GetValueOrDefault("evaluation_weights") is "latent" or "sampled_average"
            ? EvaluationWeights.Latent
            : EvaluationWeights.Inference;

    private static EvaluationWeights WeightsOf(IReadOnlyDictionary<string, string> texts, string path)
    {
        if (!texts.TryGetValue(Prefix + WeightsNote, out string? text)) return EvaluationWeights.Inference;
        foreach (EvaluationWeights weights in Usable)
        {
            if (text == OptionParsing.NameOf(weights)) return weights;
        }

        string names = string.Join(" or ", Usable.Select(OptionParsing.NameOf));
        throw new InvalidDataException($"{path}: its note '{WeightsNote}' is '{text}'; it must be {names}.");
    }
}

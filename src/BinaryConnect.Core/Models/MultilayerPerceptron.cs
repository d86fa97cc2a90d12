using BinaryConnect.Data;
using BinaryConnect.Models.Layers;
using BinaryConnect.Settings;
using static System.FormattableString;

namespace BinaryConnect.Models;

/// <summary>
/// The paper's fully connected network (section 3.1): dense layers with binarized weights, each followed by batch
/// normalization, a rectifier and optional dropout. Only normalization follows the last one.
/// </summary>
public sealed class MultilayerPerceptron : Sequential, IDescribable
{
    /// <summary>Makes a network with random latent weights.</summary>
    /// <param name="options">Sizes, layers and starting values.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range; the message has a line for each.</exception>
    public MultilayerPerceptron(MultilayerPerceptronOptions options)
        : base(ShapeOf(options), options.Seed, LayersOf(options))
    {
        Options = options;
        DenseLayers = [.. Layers.OfType<BinaryDense>()];
        Normalizations = [.. Layers.OfType<BatchNorm>()];
        Dropouts = [.. Layers.OfType<Dropout>()];
    }

    /// <summary>The options that it was made with.</summary>
    public MultilayerPerceptronOptions Options { get; }

    /// <summary>The dense layers, from the inputs on.</summary>
    public IReadOnlyList<BinaryDense> DenseLayers { get; }

    /// <summary>The batch normalizations, one for each dense layer; none without.</summary>
    public IReadOnlyList<BatchNorm> Normalizations { get; }

    /// <summary>The dropout layers, from the inputs on; none without.</summary>
    public IReadOnlyList<Dropout> Dropouts { get; }

    string IDescribable.Kind => "multilayer_perceptron";

    void IDescribable.Describe(SettingsWriter to) => Options.Describe(to);

    /// <summary>
    /// Kind and settings, those of the initial weights left out: "MultilayerPerceptron(784-1024-1024-1024-10, Relu,
    /// …)".
    /// </summary>
    public override string ToString()
    {
        string sizes = $"{FeatureCount}-{string.Concat(Options.HiddenUnits.Select(units => Invariant($"{units}-")))}{ClassCount}";
        return Invariant(
            $"{nameof(MultilayerPerceptron)}({sizes}, {Options.Activation}, normalization: {Options.Normalization}, ")
            + Invariant($"epsilon: {Options.NormalizationEpsilon}, momentum: {Options.NormalizationMomentum}, ")
            + Invariant($"inputDropout: {Options.InputDropout}, hiddenDropout: {Options.HiddenDropout}, seed: {Options.Seed})");
    }

    private static FeatureShape ShapeOf(MultilayerPerceptronOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new FeatureShape(options.Features);
    }

    private static IEnumerable<Layer> LayersOf(MultilayerPerceptronOptions options)
    {
        if (options.InputDropout > 0) yield return new Dropout(options.InputDropout);
        foreach (int units in options.HiddenUnits)
        {
            yield return Dense(options, units);
            if (options.Normalization == Normalization.Batch) yield return Norm(options);
            if (options.Activation == Activation.Relu) yield return new Relu();
            if (options.Activation == Activation.Sign) yield return new SignActivation();
            if (options.HiddenDropout > 0) yield return new Dropout(options.HiddenDropout);
        }

        yield return Dense(options, options.Classes);
        if (options.Normalization == Normalization.Batch) yield return Norm(options);
    }

    private static BinaryDense Dense(MultilayerPerceptronOptions options, int units) => new(units)
    {
        Bound = options.Bound,
        InitialRange = options.InitialRange,
        HasBias = options.Normalization == Normalization.None,
    };

    private static BatchNorm Norm(MultilayerPerceptronOptions options) =>
        new(options.NormalizationEpsilon, options.NormalizationMomentum);
}

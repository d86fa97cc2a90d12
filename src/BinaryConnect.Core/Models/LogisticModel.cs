using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Kernels.Softmax;
using BinaryConnect.Models.Layers;
using BinaryConnect.Models.Networks;
using BinaryConnect.Settings;
using static System.FormattableString;

namespace BinaryConnect.Models;

/// <summary>
/// Softmax regression, z = s·(x·w_bᵀ) + b, P = softmax(z): the tutorial's <c>logistic_model</c>, with an optional
/// learned scale s: a network of one <see cref="BinaryDense"/>. Weights are stored [classes, features], one contiguous
/// row per class, the transpose of the tutorial's.
/// </summary>
/// <remarks>
/// Images have many zeros. On machines with AVX2 that gain by it, a model of ten classes or more leaves out inputs that
/// are all 0. It also copies the rows of a shuffled batch of bytes side by side while it computes the batch before.
/// </remarks>
public sealed class LogisticModel : Sequential, IDescribable
{
    private readonly BinaryDense _dense;

    /// <summary>Makes the tutorial's model: latent weights uniform in [0, 1), every bias 1, no scale.</summary>
    /// <param name="features">The number of features of an input row, f; at least 1.</param>
    /// <param name="classes">The number of classes, c; at least 2.</param>
    /// <param name="seed">The same seed gives the same initial weights.</param>
    /// <exception cref="ArgumentException">A count is out of range.</exception>
    public LogisticModel(int features, int classes, int seed = 0)
        : this(new LogisticModelOptions { Features = features, Classes = classes, Seed = seed })
    {
    }

    /// <summary>Makes a model from options.</summary>
    /// <param name="options">Sizes and starting values.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range; the message has a line for each.</exception>
    public LogisticModel(LogisticModelOptions options)
        : base(ShapeOf(options), options.Seed, [LayerOf(options)])
    {
        _dense = (BinaryDense)Layers[0];
        InitialWeights.Uniform(Weights.Latent, options.InitialMinimum, options.InitialMaximum, options.Seed);
        Bias.Latent.Fill(options.InitialBias);
        Binarize(new Binarization.DeterministicBinarizer());
    }

    /// <summary>w, [c, f].</summary>
    public Parameter Weights => _dense.Weights;

    /// <summary>b, [c].</summary>
    public Parameter Bias => _dense.Bias!;

    /// <summary>ρ = ln s, [1]; null for a model without scale.</summary>
    public Parameter? LogScale => _dense.LogScale;

    /// <summary>s = exp(ρ); 1 for a model without scale.</summary>
    public float OutputScale => _dense.Scale;

    string IDescribable.Kind => "logistic";

    void IDescribable.Describe(SettingsWriter to)
    {
        to.Write("features", FeatureCount);
        to.Write("classes", ClassCount);
        to.Write("binarize_bias", Bias.IsBinarized);
        to.Write("output_scale", LogScale is not null);
    }

    /// <summary>
    /// Kind and settings, those of the initial values left out: "LogisticModel(784-10, binarizeBias: False,
    /// outputScale: False)".
    /// </summary>
    public override string ToString() =>
        Invariant($"{nameof(LogisticModel)}({FeatureCount}-{ClassCount}, binarizeBias: {Bias.IsBinarized}, ")
        + Invariant($"outputScale: {LogScale is not null})");

    /// <summary>
    /// Effectively computes <c>logits[i, k] = scale · Σ_j features[i, j] · weights[k, j] + bias[k]</c>.
    /// </summary>
    /// <param name="features">X, [n, f].</param>
    /// <param name="weights">w, [c, f].</param>
    /// <param name="bias">b, [c], c ≥ 1.</param>
    /// <param name="logits">z, [n, c]; apart from the inputs.</param>
    /// <param name="scale">s.</param>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit together, or the result overlaps an input.
    /// </exception>
    public static void Logits(
        ReadOnlySpan<float> features, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> logits, float scale =
            1) =>
        Logits(features, weights, bias, logits, scale, nameof(logits));

    /// <summary>
    /// Effectively computes <c>P = softmax(X·wᵀ + b)</c>, the row maximum subtracted first (the tutorial's
    /// <c>logistic_model(X, W, b)</c>).
    /// </summary>
    /// <param name="features">X, [n, f].</param>
    /// <param name="weights">w, [c, f].</param>
    /// <param name="bias">b, [c], c ≥ 1.</param>
    /// <param name="probabilities">P, [n, c]; apart from the inputs.</param>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit together, or the result overlaps an input.
    /// </exception>
    public static void Probabilities(
        ReadOnlySpan<float> features, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> probabilities)
    {
        Logits(features, weights, bias, probabilities, 1, nameof(probabilities));
        Softmax.Rows(probabilities, bias.Length, probabilities);
    }

    private static void Logits(
        ReadOnlySpan<float> features, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> logits, float scale,
        string name)
    {
        int classes = bias.Length;
        Guard.AtLeast(classes, 1, "bias.Length");
        int featureCount = Guard.Rows(weights.Length, classes, nameof(weights), "bias.Length");
        Guard.AtLeast(featureCount, 1, "weights.Length / bias.Length");
        int rows = Guard.Rows(features.Length, featureCount, nameof(features), "weights.Length / bias.Length");
        Guard.Area(logits.Length, rows, classes, name, "a row of classes for each row of 'features'");
        Guard.Disjoint(logits, features, name, nameof(features));
        Guard.Disjoint(logits, weights, name, nameof(weights));
        Guard.Disjoint(logits, bias, name, nameof(bias));
        NarrowGemm.MultiplyTransposed(features, weights, logits, featureCount);
        ShortRows.ScaleAndAdd(logits, scale, bias);
    }

    private static FeatureShape ShapeOf(LogisticModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new FeatureShape(options.Features);
    }

    private static BinaryDense LayerOf(LogisticModelOptions options) => new(options.Classes)
    {
        Name = "",
        HasBias = true,
        BinarizesBias = options.BinarizeBias,
        InitialScale = options.OutputScale,
        IsNarrow = true,
    };
}

using System.Numerics.Tensors;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Kernels.Softmax;
using BinaryConnect.Models.Layers;
using BinaryConnect.Settings;
using static System.FormattableString;

namespace BinaryConnect.Models;

/// <summary>
/// Softmax regression, z = s·(x·w_bᵀ) + b, P = softmax(z): the tutorial's <c>logistic_model</c>, with an optional learned
/// scale s. Weights are stored [classes, features], one contiguous row per class, the transpose of the tutorial's.
/// </summary>
/// <remarks>
/// <para>
/// Training belongs to one caller, and so does whatever changes the model: <see cref="Forward"/>,
/// <see cref="Backward"/>, <see cref="Binarize"/>, settings, and writing to parameters. Nobody else may use the model
/// meanwhile. Otherwise any number of threads may call <see cref="Infer"/>, <see cref="Predict"/> and
/// <see cref="PredictProbabilities"/>, and read values.
/// </para>
/// Images have many zeros. On machines with AVX2 that gain by it, a model of ten classes or more leaves out inputs that
/// are all 0. It also copies the rows of a shuffled batch side by side. <see cref="Forward"/> does both;
/// <see cref="Backward"/> must be given the same batch.
/// </remarks>
public sealed class LogisticModel : IModel, IDescribable
{
    // Held while the products' one work space is in use. A training step finds it free.
    private readonly Lock _gate = new();
    private readonly float[] _offsets;
    private NarrowDense _products = new(degreeOfParallelism: 1, CpuTuning.SkipsZeros);

    private int _maxDegreeOfParallelism = 1;

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
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        FeatureCount = options.Features;
        ClassCount = options.Classes;
        _offsets = new float[ClassCount];

        Weights = new Parameter("weights", FeatureCount, ClassCount, isWeight: true, isBinarized: true);
        InitialWeights.Uniform(Weights.Latent, options.InitialMinimum, options.InitialMaximum, options.Seed);
        Bias = new Parameter("bias", 1, ClassCount, isWeight: false, options.BinarizeBias);
        Bias.Latent.Fill(options.InitialBias);
        if (options.OutputScale is float scale)
        {
            LogScale = new Parameter("log scale", 1, 1, isWeight: false, isBinarized: false);
            LogScale.Latent[0] = MathF.Log(scale);
        }

        Parameters = LogScale is null ? [Weights, Bias] : [Weights, Bias, LogScale];
        Binarize(new DeterministicBinarizer());
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public int ClassCount { get; }

    /// <summary>True: bytes meet signs in exact integer arithmetic, scale and shift being applied to the sums.</summary>
    public bool AcceptsBytes => true;

    /// <summary>
    /// The most threads that <see cref="Forward"/> and <see cref="Backward"/> use, the caller's among them; 1 unless set. A batch of
    /// less than two million multiply-adds takes one, and so do predictions. The results are the same to the bit for any number.
    /// Those that cannot be started leave their work to the others; a browser starts none. More than 64, or than the
    /// machine has processors if it has more, are as good as that many.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxDegreeOfParallelism
    {
        get => _maxDegreeOfParallelism;
        set
        {
            Guard.AtLeast(value, 1, nameof(MaxDegreeOfParallelism));
            if (value == _maxDegreeOfParallelism) return;
            _maxDegreeOfParallelism = value;
            _products = new NarrowDense(value, CpuTuning.SkipsZeros);
        }
    }

    /// <summary>w, [c, f].</summary>
    public Parameter Weights { get; }

    /// <summary>b, [c].</summary>
    public Parameter Bias { get; }

    /// <summary>ρ = ln s, [1]; null for a model without scale.</summary>
    public Parameter? LogScale { get; }

    /// <summary>s = exp(ρ); 1 for a model without scale.</summary>
    public float OutputScale => LogScale is null ? 1 : MathF.Exp(LogScale.Latent[0]);

    /// <summary>Weights, bias and, where there is one, the logarithm of the scale.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc cref="IModel.Binarize"/>
    public void Binarize(IBinarizer binarizer)
    {
        Weights.Binarize(binarizer);
        Bias.Binarize(binarizer);
    }

    /// <summary>Effectively computes <c>logits[i, k] = s · Σ_j X[i, j] · w_b[k, j] + b[k]</c>.</summary>
    /// <inheritdoc/>
    public void Forward(Batch batch, Span<float> logits) => Infer(batch, logits);

    /// <summary>
    /// Computes the same logits as <see cref="Forward"/>. Any number of threads may call it while nobody changes the
    /// model; each waits for the one before.
    /// </summary>
    /// <inheritdoc/>
    public void Infer(Batch batch, Span<float> logits)
    {
        CheckShape(batch);
        lock (_gate)
        {
            if (batch.HasBytes) ForwardBytes(batch, logits);
            else ForwardFloats(batch, logits);
        }
    }

    /// <summary>
    /// Effectively computes grad_w = s · Gᵀ·X, grad_b = Σ_i G[i] and, where there is a scale,
    /// grad_ρ = s · Σ_ik G[i, k] · (x·w_b)[i, k] = ⟨w_b, grad_w⟩.
    /// </summary>
    /// <inheritdoc/>
    public void Backward(Batch batch, ReadOnlySpan<float> logitsGradient)
    {
        CheckShape(batch);
        Guard.Area(logitsGradient.Length, batch.Count, ClassCount, nameof(logitsGradient), "a row of classes for each row of the batch");
        Gradients.Bias(logitsGradient, Bias.Gradient);
        if (batch.HasBytes) WeightGradientOfBytes(batch, logitsGradient);
        else _products.WeightGradient(logitsGradient, batch.Features, Weights.Gradient, FeatureCount);
        if (LogScale is null) return;
        TensorPrimitives.Multiply(Weights.Gradient, OutputScale, Weights.Gradient);
        LogScale.Gradient[0] = TensorPrimitives.Dot<float>(Weights.Effective, Weights.Gradient);
    }

    string IDescribable.Kind => "logistic";

    void IDescribable.Describe(SettingsWriter to)
    {
        to.Write("features", FeatureCount);
        to.Write("classes", ClassCount);
        to.Write("binarize_bias", Bias.IsBinarized);
        to.Write("output_scale", LogScale is not null);
    }

    /// <summary>Kind and settings, those of the initial values left out: "LogisticModel(784-10, binarizeBias: False, outputScale: False)".</summary>
    public override string ToString() =>
        Invariant($"{nameof(LogisticModel)}({FeatureCount}-{ClassCount}, binarizeBias: {Bias.IsBinarized}, outputScale: {LogScale is not null})");

    /// <summary>The most probable class of one row: argmax_k z[k], the first of equals. Allocates nothing.</summary>
    /// <param name="features">x, [f].</param>
    /// <returns>The class, in [0, c).</returns>
    /// <exception cref="ArgumentException"><paramref name="features"/> has another length than f.</exception>
    public int Predict(ReadOnlySpan<float> features)
    {
        Guard.Length(features.Length, FeatureCount, nameof(features), "the model's feature count");
        return Prediction.Of(features, Weights.Effective, Bias.Effective, OutputScale);
    }

    /// <summary>Effectively computes <c>P = softmax(z)</c> for rows of inputs. Allocates nothing.</summary>
    /// <param name="features">X, [n, f].</param>
    /// <param name="probabilities">P, [n, c]; apart from <paramref name="features"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not fit the model, or the spans overlap.</exception>
    public void PredictProbabilities(ReadOnlySpan<float> features, Span<float> probabilities)
    {
        Guard.Rows(features.Length, FeatureCount, nameof(features), nameof(FeatureCount));
        Logits(features, Weights.Effective, Bias.Effective, probabilities, OutputScale, nameof(probabilities));
        Softmax.Rows(probabilities, ClassCount, probabilities);
    }

    /// <summary>Effectively computes <c>logits[i, k] = scale · Σ_j features[i, j] · weights[k, j] + bias[k]</c>.</summary>
    /// <param name="features">X, [n, f].</param>
    /// <param name="weights">w, [c, f].</param>
    /// <param name="bias">b, [c], c ≥ 1.</param>
    /// <param name="logits">z, [n, c]; apart from the inputs.</param>
    /// <param name="scale">s.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together, or the result overlaps an input.</exception>
    public static void Logits(
        ReadOnlySpan<float> features, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> logits, float scale = 1) =>
        Logits(features, weights, bias, logits, scale, nameof(logits));

    /// <summary>Effectively computes <c>P = softmax(X·wᵀ + b)</c>, the row maximum subtracted first (the tutorial's <c>logistic_model(X, W, b)</c>).</summary>
    /// <param name="features">X, [n, f].</param>
    /// <param name="weights">w, [c, f].</param>
    /// <param name="bias">b, [c], c ≥ 1.</param>
    /// <param name="probabilities">P, [n, c]; apart from the inputs.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together, or the result overlaps an input.</exception>
    public static void Probabilities(
        ReadOnlySpan<float> features, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> probabilities)
    {
        Logits(features, weights, bias, probabilities, 1, nameof(probabilities));
        Softmax.Rows(probabilities, bias.Length, probabilities);
    }

    private static void Logits(
        ReadOnlySpan<float> features, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> logits, float scale, string name)
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

    private void ForwardFloats(Batch batch, Span<float> logits)
    {
        Guard.Area(logits.Length, batch.Count, ClassCount, nameof(logits), "a row of classes for each row of 'features'");
        Guard.Disjoint(logits, batch.Features, nameof(logits), "batch.Features");
        _products.Forward(batch.Features, Weights.Effective, logits, FeatureCount);
        ShortRows.ScaleAndAdd(logits, OutputScale, Bias.Effective);
    }

    // X = Scale·B + Shift, so X·wᵀ = Scale·(B·wᵀ) + Shift·Σ_j w[k, j]: the product runs on bytes, in integers where w is ±H.
    private void ForwardBytes(Batch batch, Span<float> logits)
    {
        Guard.Area(logits.Length, batch.Count, ClassCount, nameof(logits), "a row of classes for each row of the batch");
        float scale = OutputScale;
        for (int k = 0; k < _offsets.Length; k++)
        {
            float sum = batch.Shift == 0 ? 0 : TensorPrimitives.Sum<float>(Weights.Effective.Slice(k * FeatureCount, FeatureCount));
            _offsets[k] = scale * batch.Shift * sum + Bias.Effective[k];
        }

        float factor = _products.Forward(batch.Bytes, Weights.Effective, Weights.Bound, logits);
        ShortRows.ScaleAndAdd(logits, scale * batch.Scale * factor, _offsets);
    }

    // Gᵀ·X = Scale·(Gᵀ·B) + Shift·Σ_i G[i, k].
    private void WeightGradientOfBytes(Batch batch, ReadOnlySpan<float> logitsGradient)
    {
        _products.WeightGradient(logitsGradient, batch.Bytes, Weights.Gradient, batch.Scale, batch.Ahead);
        for (int k = 0; batch.Shift != 0 && k < ClassCount; k++)
        {
            Span<float> row = Weights.Gradient.Slice(k * FeatureCount, FeatureCount);
            TensorPrimitives.Add(row, batch.Shift * Bias.Gradient[k], row);
        }
    }

    private void CheckShape(Batch batch) =>
        Guard.Length(batch.FeatureCount, FeatureCount, nameof(batch), "the model's feature count");
}

using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Models.Operations;
using BinaryConnect.Settings;

namespace BinaryConnect.Models.Layers;

/// <summary>
/// Batch normalization, channel by channel: y = γ·(z − μ)/√(σ² + ε) + β. In training μ and the biased σ² are those of
/// the batch, and move the running averages by <see cref="Momentum"/>; at test time they are the averages. A vector has
/// a channel for each value; the pixels of an image share the channels. A single value is its own mean, so that y = β,
/// and has no variance: it leaves the averages as they are.
/// </summary>
public sealed class BatchNorm : Layer, LayerPass.IParts
{
    private const int MomentsPhase = 0, NormalizePhase = 1, SumsPhase = 2, GradientPhase = 3;

    private int _channels, _pixels;
    private float[] _mean = [], _inverse = [], _scale = [], _slope = [], _offset = [];
    private double[] _sumOfMeans = [], _sumOfSquares = [];

    // The first row of a batch, the origin of the moments; for each block of rows Σ g and Σ g·(z − μ).
    private float[] _origin = [], _sums = [], _products = [];
    private ColumnMoments? _moments;
    private Parameter? _gamma, _beta;
    private Statistic? _runningMean, _runningVariance;
    private int _gathered;

    /// <summary>Makes the layer.</summary>
    /// <param name="epsilon">ε, positive and finite.</param>
    /// <param name="momentum">How far a batch moves the running averages: above 0, at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public BatchNorm(float epsilon = 1e-4f, float momentum = 0.15f)
    {
        Guard.Positive(epsilon, nameof(epsilon));
        if (!(momentum > 0 && momentum <= 1))
            throw new ArgumentOutOfRangeException(
                nameof(momentum), $"'momentum' is {momentum}; it must be above 0 and at most 1.");
        Epsilon = epsilon;
        Momentum = momentum;
    }

    /// <summary>ε.</summary>
    public float Epsilon { get; }

    /// <summary>How far a batch moves the running averages: average += momentum · (batch − average).</summary>
    public float Momentum { get; }

    /// <summary>γ, [c].</summary>
    /// <exception cref="InvalidOperationException">The layer belongs to no network yet.</exception>
    public Parameter Gamma => Guard.Built(_gamma, Kind);

    /// <summary>β, [c].</summary>
    /// <exception cref="InvalidOperationException">The layer belongs to no network yet.</exception>
    public Parameter Beta => Guard.Built(_beta, Kind);

    /// <summary>The average of μ, [c].</summary>
    /// <exception cref="InvalidOperationException">The layer belongs to no network yet.</exception>
    public Statistic RunningMean => Guard.Built(_runningMean, Kind);

    /// <summary>The average of the biased σ², [c].</summary>
    /// <exception cref="InvalidOperationException">The layer belongs to no network yet.</exception>
    public Statistic RunningVariance => Guard.Built(_runningVariance, Kind);

    /// <summary>"batch_normalization".</summary>
    public override string Kind => "batch_normalization";

    /// <summary>The input.</summary>
    public override BackwardReads BackwardReads => BackwardReads.Input;

    /// <summary>Backward.</summary>
    public override InPlace InPlace => InPlace.Backward;

    /// <summary>A factor for each value.</summary>
    public override long MultiplyAdds => (long)_channels * _pixels;

    /// <inheritdoc/>
    public override bool HasIndependentRows(PassMode mode) => mode == PassMode.Inference;

    /// <inheritdoc/>
    public override void Describe(SettingsWriter to)
    {
        to.Write("epsilon", Epsilon);
        to.Write("momentum", Momentum);
    }

    /// <inheritdoc/>
    public override FeatureShape Build(FeatureShape input, LayerBuilder builder)
    {
        (_channels, _pixels) = (input.Channels, input.Height * input.Width);
        _gamma = builder.AddVector("gamma", _channels, initial: 1);
        _beta = builder.AddVector("beta", _channels);
        _runningMean = builder.AddStatistic("mean", _channels);
        _runningVariance = builder.AddStatistic("variance", _channels, initial: 1, least: 0);
        (_mean, _inverse, _scale) = (new float[_channels], new float[_channels], new float[_channels]);
        (_slope, _offset, _origin) = (new float[_channels], new float[_channels], new float[_channels]);
        (_sumOfMeans, _sumOfSquares) = (new double[_channels], new double[_channels]);
        int sums = Guard.Product(
            LayerPass.MostRowParts, _channels, Array.MaxLength, nameof(LayerPass.MostRowParts), nameof(input.Channels));
        (_sums, _products) = (new float[sums], new float[sums]);
        _moments = new ColumnMoments(_channels, LayerPass.MostRowParts);
        builder.NeedScratch(_channels);
        if (_pixels == 1) builder.RequireRows(2);
        return input;
    }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        if (pass.Mode == PassMode.Inference)
        {
            Span<float> scale = pass.Scratch[.._channels];
            SetScale(RunningVariance.Values, scale, scale);
            Normalize(pass.Input, RunningMean.Values, scale, pass.Output);
            return;
        }

        pass.Input[.._channels].CopyTo(_origin);
        int parts = pass.RunRows(this, MomentsPhase);
        _moments!.Join(parts, _origin, _mean, _inverse);
        if (pass.Mode == PassMode.Statistics) Gather(_mean, _inverse);
        else if (CountOf(pass) > 1) Average(_mean, _inverse);
        SetScale(_inverse, _inverse, _scale);
        pass.RunRows(this, NormalizePhase);
    }

    // dL/dγ = Σ g·ẑ, dL/dβ = Σ g, ẑ being (z − μ)/√(σ² + ε).
    // dL/dz = γ/√(σ² + ε) · (g − Σg/n − ẑ·Σ(g·ẑ)/n): linear in g and in z − μ for each channel.
    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        Parameter gamma = Gamma, beta = Beta;
        int parts = pass.RunRows(this, SumsPhase);
        Join(_sums, parts, beta.Gradient);
        Join(_products, parts, gamma.Gradient);
        TensorPrimitives.Multiply(gamma.Gradient, _inverse, gamma.Gradient);
        if (pass.InputGradient.IsEmpty) return;
        float count = CountOf(pass);
        TensorPrimitives.Multiply(_scale, beta.Gradient, _offset);
        TensorPrimitives.Divide(_offset, -count, _offset);
        TensorPrimitives.Multiply(_scale, _inverse, _slope);
        TensorPrimitives.Multiply(_slope, gamma.Gradient, _slope);
        TensorPrimitives.Divide(_slope, -count, _slope);
        pass.RunRows(this, GradientPhase);
    }

    /// <summary>From here on, batches are gathered, counting alike.</summary>
    public override void BeginStatistics()
    {
        Array.Clear(_sumOfMeans);
        Array.Clear(_sumOfSquares);
        _gathered = 0;
    }

    /// <summary>
    /// The averages become the mean and the variance of all that was gathered, batches counting alike.
    /// </summary>
    public override void EndStatistics()
    {
        if (_gathered == 0) return;
        Span<float> mean = RunningMean.Values, variance = RunningVariance.Values;
        for (int j = 0; j < _channels; j++)
        {
            double average = _sumOfMeans[j] / _gathered;
            mean[j] = (float)average;
            variance[j] = (float)Math.Max(0, _sumOfSquares[j] / _gathered - average * average);
        }
    }

    /// <inheritdoc/>
    public override bool TryExport(InferenceOps ops)
    {
        ArgumentNullException.ThrowIfNull(ops);
        double[] scale = new double[_channels], offset = new double[_channels];
        for (int j = 0; j < _channels; j++)
        {
            scale[j] = Gamma.Latent[j] / Math.Sqrt((double)RunningVariance.Values[j] + Epsilon);
            offset[j] = Beta.Latent[j] - scale[j] * RunningMean.Values[j];
        }

        ops.Add(new ChannelAffine(scale, offset));
        return true;
    }

    void LayerPass.IParts.Run(in LayerPass pass, int phase, int part)
    {
        switch (phase)
        {
            case MomentsPhase: _moments!.Add(part, pass.Input, _origin); break;
            case NormalizePhase: Normalize(pass.Input, _mean, _scale, pass.Output); break;
            case SumsPhase: GradientSums(pass.Input, pass.OutputGradient, part, pass.Scratch[.._channels]); break;
            default: InputGradient(pass.Input, pass.OutputGradient, pass.InputGradient, pass.Scratch[.._channels]); break;
        }
    }

    private int CountOf(in LayerPass pass) => pass.Rows * _pixels;

    private Span<float> Of(float[] parts, int part) => parts.AsSpan(part * _channels, _channels);

    private void Join(float[] parts, int count, Span<float> sums)
    {
        sums.Clear();
        for (int part = 0; part < count; part++) TensorPrimitives.Add(sums, Of(parts, part), sums);
    }

    private void Average(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance)
    {
        TensorPrimitives.Lerp(RunningMean.Values, mean, Momentum, RunningMean.Values);
        TensorPrimitives.Lerp(RunningVariance.Values, variance, Momentum, RunningVariance.Values);
    }

    private void Gather(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance)
    {
        for (int j = 0; j < _channels; j++)
        {
            _sumOfMeans[j] += mean[j];
            _sumOfSquares[j] += variance[j] + (double)mean[j] * mean[j];
        }

        _gathered++;
    }

    // 1/√(σ² + ε), and γ times that. Both results may take the memory of the variance.
    private void SetScale(ReadOnlySpan<float> variance, Span<float> inverse, Span<float> scale)
    {
        TensorPrimitives.Add(variance, Epsilon, inverse);
        TensorPrimitives.ReciprocalSqrt<float>(inverse, inverse);
        TensorPrimitives.Multiply(Gamma.Latent, inverse, scale);
    }

    // y = scale·(z − μ) + β. Folded to scale·z + (β − scale·μ), two large numbers would cancel where μ is large.
    private void Normalize(ReadOnlySpan<float> z, ReadOnlySpan<float> mean, ReadOnlySpan<float> scale, Span<float> y)
    {
        ReadOnlySpan<float> beta = Beta.Latent;
        for (int start = 0; start < z.Length; start += _channels)
        {
            Span<float> row = y.Slice(start, _channels);
            TensorPrimitives.Subtract(z.Slice(start, _channels), mean, row);
            TensorPrimitives.MultiplyAdd(row, scale, beta, row);
        }
    }

    private void GradientSums(ReadOnlySpan<float> z, ReadOnlySpan<float> g, int part, Span<float> distance)
    {
        Span<float> products = Of(_products, part);
        ShortRows.Sum(g, Of(_sums, part));
        products.Clear();
        for (int start = 0; start < z.Length; start += _channels)
        {
            TensorPrimitives.Subtract(z.Slice(start, _channels), _mean, distance);
            TensorPrimitives.MultiplyAdd(distance, g.Slice(start, _channels), products, products);
        }
    }

    private void InputGradient(ReadOnlySpan<float> z, ReadOnlySpan<float> g, Span<float> d, Span<float> distance)
    {
        for (int start = 0; start < z.Length; start += _channels)
        {
            Span<float> row = d.Slice(start, _channels);
            TensorPrimitives.Subtract(z.Slice(start, _channels), _mean, distance);
            TensorPrimitives.MultiplyAdd(g.Slice(start, _channels), _scale, _offset, row);
            TensorPrimitives.MultiplyAdd(distance, _slope, row, row);
        }
    }
}

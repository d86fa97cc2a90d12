using System.Numerics.Tensors;
using BinaryConnect.Kernels;

namespace BinaryConnect.Models.Layers;

/// <summary>
/// Batch normalization, unit by unit: y = γ·(z − μ)/√(σ² + ε) + β. In training μ and the biased σ² are those of the batch, and move
/// the running averages by <see cref="Momentum"/>; at test time they are the averages.
/// </summary>
public sealed class BatchNorm : ILayer
{
    private readonly int _units;
    private readonly float[] _mean, _inverse, _scale, _row, _slope, _offset;
    private readonly double[] _sumOfMeans, _sumOfSquares;
    private int _gathered = -1;

    internal BatchNorm(string name, int units, float epsilon, float momentum)
    {
        _units = units;
        Epsilon = epsilon;
        Momentum = momentum;
        Gamma = new Parameter($"{name}.gamma", 1, units, isWeight: false, isBinarized: false);
        Beta = new Parameter($"{name}.beta", 1, units, isWeight: false, isBinarized: false);
        Gamma.Latent.Fill(1);
        RunningMean = new Statistic($"{name}.mean", units);
        RunningVariance = new Statistic($"{name}.variance", units, initial: 1);
        (_mean, _inverse, _scale) = (new float[units], new float[units], new float[units]);
        (_row, _slope, _offset) = (new float[units], new float[units], new float[units]);
        (_sumOfMeans, _sumOfSquares) = (new double[units], new double[units]);
        Parameters = [Gamma, Beta];
        Statistics = [RunningMean, RunningVariance];
    }

    /// <summary>ε.</summary>
    public float Epsilon { get; }

    /// <summary>How far a batch moves the running averages: average += momentum · (batch − average).</summary>
    public float Momentum { get; }

    /// <summary>γ, [m].</summary>
    public Parameter Gamma { get; }

    /// <summary>β, [m].</summary>
    public Parameter Beta { get; }

    /// <summary>The average of μ, [m].</summary>
    public Statistic RunningMean { get; }

    /// <summary>The average of the biased σ², [m].</summary>
    public Statistic RunningVariance { get; }

    /// <summary>γ and β.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Mean and variance.</summary>
    public IReadOnlyList<Statistic> Statistics { get; }

    string ILayer.Kind => "batch normalization";

    int ILayer.Inputs => _units;

    int ILayer.Outputs => _units;

    long ILayer.MultiplyAdds => _units;

    bool ILayer.BackwardInPlace => true;

    void ILayer.Forward(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows)
    {
        ReadOnlySpan<float> z = inputs.Span[..(rows * _units)];
        Span<float> mean = _mean, variance = _inverse;
        Moments(z, rows, mean, variance);
        if (_gathered < 0) Average(mean, variance);
        else Gather(mean, variance);
        Normalize(z, outputs.Span);
    }

    void ILayer.Infer(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows)
    {
        RunningMean.Values.CopyTo(_mean);
        RunningVariance.Values.CopyTo(_inverse);
        Normalize(inputs.Span[..(rows * _units)], outputs.Span);
    }

    // dL/dγ = Σ g·ẑ, dL/dβ = Σ g, ẑ being (z − μ)/√(σ² + ε).
    void ILayer.Backward(
        ReadOnlyMemory<float> inputs, ReadOnlyMemory<float> outputs, Memory<float> outputGradient, Memory<float> inputGradient, int rows)
    {
        Span<float> gamma = Gamma.Gradient, beta = Beta.Gradient;
        ReadOnlySpan<float> z = inputs.Span, g = outputGradient.Span[..(rows * _units)];
        Rows.Sum(g, beta);
        gamma.Clear();
        for (int i = 0; i < g.Length; i += _units)
        {
            TensorPrimitives.Subtract(z.Slice(i, _units), _mean, _row);
            TensorPrimitives.MultiplyAdd(_row, g.Slice(i, _units), gamma, gamma);
        }

        TensorPrimitives.Multiply(gamma, _inverse, gamma);
        if (!inputGradient.IsEmpty) InputGradient(z, g, inputGradient.Span, rows);
    }

    /// <summary>From here on, batches are gathered, and the running averages left alone.</summary>
    internal void BeginGathering()
    {
        Array.Clear(_sumOfMeans);
        Array.Clear(_sumOfSquares);
        _gathered = 0;
    }

    /// <summary>The averages become the mean and the variance of all that was gathered, batches counting alike.</summary>
    internal void EndGathering()
    {
        Span<float> mean = RunningMean.Values, variance = RunningVariance.Values;
        for (int j = 0; j < _units; j++)
        {
            double average = _sumOfMeans[j] / _gathered;
            mean[j] = (float)average;
            variance[j] = (float)Math.Max(0, _sumOfSquares[j] / _gathered - average * average);
        }

        _gathered = -1;
    }

    // A mean summed up in float is off where it is large beside the spread. The mean distance from it puts it right, and tells by
    // how much the mean square of the distances is more than the variance.
    private void Moments(ReadOnlySpan<float> z, int rows, Span<float> mean, Span<float> variance)
    {
        Span<float> error = _offset;
        Rows.Sum(z, mean);
        TensorPrimitives.Divide(mean, rows, mean);
        error.Clear();
        variance.Clear();
        for (int i = 0; i < z.Length; i += _units)
        {
            TensorPrimitives.Subtract(z.Slice(i, _units), mean, _row);
            TensorPrimitives.Add(error, _row, error);
            TensorPrimitives.MultiplyAdd(_row, _row, variance, variance);
        }

        TensorPrimitives.Divide(error, rows, error);
        TensorPrimitives.Divide(variance, rows, variance);
        TensorPrimitives.Add(mean, error, mean);
        TensorPrimitives.Multiply(error, error, error);
        TensorPrimitives.Subtract(variance, error, variance);
        TensorPrimitives.Max(variance, 0, variance);
    }

    private void Average(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance)
    {
        TensorPrimitives.Lerp(RunningMean.Values, mean, Momentum, RunningMean.Values);
        TensorPrimitives.Lerp(RunningVariance.Values, variance, Momentum, RunningVariance.Values);
    }

    private void Gather(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance)
    {
        _gathered++;
        for (int j = 0; j < _units; j++)
        {
            _sumOfMeans[j] += mean[j];
            _sumOfSquares[j] += variance[j] + (double)mean[j] * mean[j];
        }
    }

    // y = scale·(z − μ) + β. The variance gives way to 1/√(σ² + ε). Folded to scale·z + (β − scale·μ), two large numbers would
    // cancel where μ is large.
    private void Normalize(ReadOnlySpan<float> z, Span<float> y)
    {
        TensorPrimitives.Add(_inverse, Epsilon, _inverse);
        TensorPrimitives.ReciprocalSqrt<float>(_inverse, _inverse);
        TensorPrimitives.Multiply(Gamma.Latent, _inverse, _scale);
        for (int i = 0; i < z.Length; i += _units)
        {
            Span<float> row = y.Slice(i, _units);
            TensorPrimitives.Subtract(z.Slice(i, _units), _mean, row);
            TensorPrimitives.MultiplyAdd(row, _scale, Beta.Latent, row);
        }
    }

    // dL/dz = γ/√(σ² + ε) · (g − Σg/n − ẑ·Σ(g·ẑ)/n): linear in g and in z − μ for each unit.
    private void InputGradient(ReadOnlySpan<float> z, ReadOnlySpan<float> g, Span<float> d, int rows)
    {
        TensorPrimitives.Multiply(_scale, Beta.Gradient, _offset);
        TensorPrimitives.Divide(_offset, -rows, _offset);
        TensorPrimitives.Multiply(_scale, _inverse, _slope);
        TensorPrimitives.Multiply(_slope, Gamma.Gradient, _slope);
        TensorPrimitives.Divide(_slope, -rows, _slope);
        for (int i = 0; i < g.Length; i += _units)
        {
            Span<float> row = d.Slice(i, _units);
            TensorPrimitives.Subtract(z.Slice(i, _units), _mean, _row);
            TensorPrimitives.MultiplyAdd(g.Slice(i, _units), _scale, _offset, row);
            TensorPrimitives.MultiplyAdd(_row, _slope, row, row);
        }
    }
}

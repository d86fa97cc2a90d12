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
    private readonly float[] _mean, _inverse, _scale, _shift, _row;
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
        (_mean, _inverse, _scale, _shift, _row) = (new float[units], new float[units], new float[units], new float[units], new float[units]);
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

    void ILayer.Forward(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows)
    {
        Span<float> mean = _mean, variance = _inverse;
        ReadOnlySpan<float> z = inputs.Span;
        Rows.Sum(z[..(rows * _units)], mean);
        TensorPrimitives.Divide(mean, rows, mean);
        variance.Clear();
        for (int i = 0; i < rows; i++)
        {
            TensorPrimitives.Subtract(z.Slice(i * _units, _units), mean, _row);
            TensorPrimitives.MultiplyAdd(_row, _row, variance, variance);
        }

        TensorPrimitives.Divide(variance, rows, variance);
        if (_gathered < 0) Average(mean, variance);
        else Gather(mean, variance);
        Fold(mean, variance);
        Apply(inputs, outputs, rows);
    }

    void ILayer.Infer(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows)
    {
        RunningVariance.Values.CopyTo(_inverse);
        Fold(RunningMean.Values, _inverse);
        Apply(inputs, outputs, rows);
    }

    void ILayer.Backward(
        ReadOnlyMemory<float> inputs, ReadOnlyMemory<float> outputs, Memory<float> outputGradient, Memory<float> inputGradient, int rows)
    {
        Span<float> gamma = Gamma.Gradient, beta = Beta.Gradient;
        ReadOnlySpan<float> z = inputs.Span, g = outputGradient.Span;
        Rows.Sum(g[..(rows * _units)], beta);
        gamma.Clear();
        for (int i = 0; i < rows; i++)
        {
            TensorPrimitives.Subtract(z.Slice(i * _units, _units), _mean, _row);
            TensorPrimitives.MultiplyAdd(_row, g.Slice(i * _units, _units), gamma, gamma);
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

    // y = scale·z + shift; the variance gives way to 1/√(σ² + ε).
    private void Fold(ReadOnlySpan<float> mean, Span<float> variance)
    {
        TensorPrimitives.Add(variance, Epsilon, variance);
        TensorPrimitives.ReciprocalSqrt(variance, variance);
        TensorPrimitives.Multiply(Gamma.Latent, variance, _scale);
        TensorPrimitives.Multiply(_scale, mean, _shift);
        TensorPrimitives.Subtract(Beta.Latent, _shift, _shift);
    }

    private void Apply(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows)
    {
        ReadOnlySpan<float> z = inputs.Span;
        Span<float> y = outputs.Span;
        for (int i = 0; i < rows; i++)
            TensorPrimitives.MultiplyAdd(z.Slice(i * _units, _units), _scale, _shift, y.Slice(i * _units, _units));
    }

    // dL/dz = γ/√(σ² + ε) · (g − Σg/n − ẑ·Σ(g·ẑ)/n), ẑ being the normalized z: linear in g and z for each unit.
    private void InputGradient(ReadOnlySpan<float> z, ReadOnlySpan<float> g, Span<float> d, int rows)
    {
        Span<float> ofInput = _row, constant = _shift;
        for (int j = 0; j < _units; j++)
        {
            ofInput[j] = -_scale[j] * _inverse[j] * Gamma.Gradient[j] / rows;
            constant[j] = -_scale[j] * Beta.Gradient[j] / rows - ofInput[j] * _mean[j];
        }

        for (int i = 0; i < rows; i++)
        {
            Span<float> row = d.Slice(i * _units, _units);
            TensorPrimitives.MultiplyAdd(g.Slice(i * _units, _units), _scale, constant, row);
            TensorPrimitives.MultiplyAdd(z.Slice(i * _units, _units), ofInput, row, row);
        }
    }
}

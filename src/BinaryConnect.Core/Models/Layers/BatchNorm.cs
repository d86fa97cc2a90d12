using System.Numerics.Tensors;
using BinaryConnect.Kernels;

namespace BinaryConnect.Models.Layers;

/// <summary>
/// Batch normalization, unit by unit: y = γ·(z − μ)/√(σ² + ε) + β. In training μ and the biased σ² are those of the batch, and move
/// the running averages by <see cref="Momentum"/>; at test time they are the averages.
/// </summary>
public sealed class BatchNorm : ILayer, ISplitWork
{
    // So many units of a batch stay in a core's second cache, so that of several passes the first alone reads from further away.
    private const int Stretch = 512;

    // What all passes of one direction cost for a value, in multiply-adds of a product.
    private const int MultiplyAddsPerValue = 32;

    private readonly int _units;
    private readonly float[] _mean, _inverse, _scale, _row, _slope, _offset;
    private readonly double[] _sumOfMeans, _sumOfSquares;
    private WorkSplit _split = new(1);
    private int _gathered = -1;

    // What the parts of one call work on.
    private Pass _pass;
    private ReadOnlyMemory<float> _inputs;
    private Memory<float> _outputs, _outputGradient, _inputGradient;
    private int _rows;

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

    private enum Pass
    {
        Forward,
        Infer,
        Backward,
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

    LayerWorkspace ILayer.Workspace
    {
        set => _split = value.Split;
    }

    void ILayer.Forward(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows)
    {
        (_inputs, _outputs) = (inputs, outputs);
        Run(Pass.Forward, rows);
        if (_gathered >= 0) _gathered++;
    }

    void ILayer.Infer(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows)
    {
        (_inputs, _outputs) = (inputs, outputs);
        Run(Pass.Infer, rows);
    }

    void ILayer.Backward(
        ReadOnlyMemory<float> inputs, ReadOnlyMemory<float> outputs, Memory<float> outputGradient, Memory<float> inputGradient, int rows)
    {
        (_inputs, _outputGradient, _inputGradient) = (inputs, outputGradient, inputGradient);
        Run(Pass.Backward, rows);
    }

    void ISplitWork.Run(int part, int thread)
    {
        int start = part * Stretch;
        var units = new Columns(_rows, _units, start, Math.Min(_units, start + Stretch));
        switch (_pass)
        {
            case Pass.Forward: Forward(units); break;
            case Pass.Infer: Infer(units); break;
            default: Backward(units); break;
        }
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

    private void Run(Pass pass, int rows)
    {
        (_pass, _rows) = (pass, rows);
        _split.RunAll(this, (_units + Stretch - 1) / Stretch, (long)MultiplyAddsPerValue * rows * _units);
        (_inputs, _outputs, _outputGradient, _inputGradient) = (default, default, default, default);
    }

    private void Forward(Columns units)
    {
        ReadOnlySpan<float> z = _inputs.Span;
        Span<float> mean = units.Of(_mean), variance = units.Of(_inverse);
        Moments(z, units, mean, variance);
        if (_gathered < 0) Average(mean, variance, units);
        else Gather(mean, variance, units);
        Normalize(z, _outputs.Span, units);
    }

    private void Infer(Columns units)
    {
        units.Of(RunningMean.Values).CopyTo(units.Of(_mean));
        units.Of(RunningVariance.Values).CopyTo(units.Of(_inverse));
        Normalize(_inputs.Span, _outputs.Span, units);
    }

    // dL/dγ = Σ g·ẑ, dL/dβ = Σ g, ẑ being (z − μ)/√(σ² + ε).
    private void Backward(Columns units)
    {
        ReadOnlySpan<float> z = _inputs.Span, g = _outputGradient.Span;
        Span<float> gamma = units.Of(Gamma.Gradient), beta = units.Of(Beta.Gradient), mean = units.Of(_mean), distance = units.Of(_row);
        units.Sum(g, beta);
        gamma.Clear();
        for (int i = 0; i < units.Rows; i++)
        {
            TensorPrimitives.Subtract(units.Row(z, i), mean, distance);
            TensorPrimitives.MultiplyAdd(distance, units.Row(g, i), gamma, gamma);
        }

        TensorPrimitives.Multiply(gamma, units.Of(_inverse), gamma);
        if (!_inputGradient.IsEmpty) InputGradient(z, g, _inputGradient.Span, units);
    }

    // A mean summed up in float is off where it is large beside the spread. The mean distance from it puts it right, and tells by
    // how much the mean square of the distances is more than the variance.
    private void Moments(ReadOnlySpan<float> z, Columns units, Span<float> mean, Span<float> variance)
    {
        Span<float> error = units.Of(_offset), distance = units.Of(_row);
        units.Sum(z, mean);
        TensorPrimitives.Divide(mean, units.Rows, mean);
        error.Clear();
        variance.Clear();
        for (int i = 0; i < units.Rows; i++)
        {
            TensorPrimitives.Subtract(units.Row(z, i), mean, distance);
            TensorPrimitives.Add(error, distance, error);
            TensorPrimitives.MultiplyAdd(distance, distance, variance, variance);
        }

        TensorPrimitives.Divide(error, units.Rows, error);
        TensorPrimitives.Divide(variance, units.Rows, variance);
        TensorPrimitives.Add(mean, error, mean);
        TensorPrimitives.Multiply(error, error, error);
        TensorPrimitives.Subtract(variance, error, variance);
        TensorPrimitives.Max(variance, 0, variance);
    }

    private void Average(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, Columns units)
    {
        Span<float> runningMean = units.Of(RunningMean.Values), runningVariance = units.Of(RunningVariance.Values);
        TensorPrimitives.Lerp(runningMean, mean, Momentum, runningMean);
        TensorPrimitives.Lerp(runningVariance, variance, Momentum, runningVariance);
    }

    private void Gather(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, Columns units)
    {
        for (int j = 0; j < mean.Length; j++)
        {
            _sumOfMeans[units.Start + j] += mean[j];
            _sumOfSquares[units.Start + j] += variance[j] + (double)mean[j] * mean[j];
        }
    }

    // y = scale·(z − μ) + β. The variance gives way to 1/√(σ² + ε). Folded to scale·z + (β − scale·μ), two large numbers would
    // cancel where μ is large.
    private void Normalize(ReadOnlySpan<float> z, Span<float> y, Columns units)
    {
        Span<float> mean = units.Of(_mean), inverse = units.Of(_inverse), scale = units.Of(_scale), beta = units.Of(Beta.Latent);
        TensorPrimitives.Add(inverse, Epsilon, inverse);
        TensorPrimitives.ReciprocalSqrt<float>(inverse, inverse);
        TensorPrimitives.Multiply(units.Of(Gamma.Latent), inverse, scale);
        for (int i = 0; i < units.Rows; i++)
        {
            Span<float> row = units.Row(y, i);
            TensorPrimitives.Subtract(units.Row(z, i), mean, row);
            TensorPrimitives.MultiplyAdd(row, scale, beta, row);
        }
    }

    // dL/dz = γ/√(σ² + ε) · (g − Σg/n − ẑ·Σ(g·ẑ)/n): linear in g and in z − μ for each unit.
    private void InputGradient(ReadOnlySpan<float> z, ReadOnlySpan<float> g, Span<float> d, Columns units)
    {
        Span<float> mean = units.Of(_mean), scale = units.Of(_scale), distance = units.Of(_row), slope = units.Of(_slope), offset = units.Of(_offset);
        TensorPrimitives.Multiply(scale, units.Of(Beta.Gradient), offset);
        TensorPrimitives.Divide(offset, -units.Rows, offset);
        TensorPrimitives.Multiply(scale, units.Of(_inverse), slope);
        TensorPrimitives.Multiply(slope, units.Of(Gamma.Gradient), slope);
        TensorPrimitives.Divide(slope, -units.Rows, slope);
        for (int i = 0; i < units.Rows; i++)
        {
            Span<float> row = units.Row(d, i);
            TensorPrimitives.Subtract(units.Row(z, i), mean, distance);
            TensorPrimitives.MultiplyAdd(units.Row(g, i), scale, offset, row);
            TensorPrimitives.MultiplyAdd(distance, slope, row, row);
        }
    }
}

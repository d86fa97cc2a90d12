using System.Numerics.Tensors;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Threading;

namespace BinaryConnect.Models.Layers;

/// <summary>
/// Batch normalization, unit by unit: y = γ·(z − μ)/√(σ² + ε) + β. In training μ and the biased σ² are those of the
/// batch, and move the running averages by <see cref="Momentum"/>; at test time they are the averages. A single row is
/// its own mean, so that y = β, and has no variance: it leaves the averages as they are.
/// </summary>
public sealed class BatchNorm : ILayer, IParallelWork
{
    private readonly int _units;
    private readonly float[] _mean, _inverse, _scale, _slope, _offset;
    private readonly double[] _sumOfMeans, _sumOfSquares;

    // For each block of rows: Σ g and Σ g·(z − μ) of its units, and room for a row.
    private readonly float[] _sums, _products, _distances;
    private readonly ColumnMoments _moments;
    private WorkerPool _split = new(1);
    private int _gathered = -1;

    // What the parts of one call work on.
    private Pass _pass;
    private ReadOnlyMemory<float> _inputs;
    private Memory<float> _outputs, _outputGradient, _inputGradient;
    private RowBlocks _blocks;

    internal BatchNorm(string name, int units, float epsilon, float momentum)
    {
        _units = units;
        Epsilon = epsilon;
        Momentum = momentum;
        Gamma = new Parameter($"{name}.gamma", 1, units, isWeight: false, isBinarized: false);
        Beta = new Parameter($"{name}.beta", 1, units, isWeight: false, isBinarized: false);
        Gamma.Latent.Fill(1);
        RunningMean = new Statistic($"{name}.mean", units);
        RunningVariance = new Statistic($"{name}.variance", units, initial: 1) { Least = 0 };
        (_mean, _inverse, _scale) = (new float[units], new float[units], new float[units]);
        (_slope, _offset) = (new float[units], new float[units]);
        (_sumOfMeans, _sumOfSquares) = (new double[units], new double[units]);
        int length = RowBlocks.Most * units;
        (_sums, _products, _distances) = (new float[length], new float[length], new float[length]);
        _moments = new ColumnMoments(units, RowBlocks.Most);
        Parameters = [Gamma, Beta];
        Statistics = [RunningMean, RunningVariance];
    }

    private enum Pass
    {
        Moments,
        Normalize,
        GradientSums,
        InputGradient,
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

    int ILayer.LeastRows => 2;

    bool ILayer.BackwardInPlace => true;

    LayerWorkspace ILayer.Workspace
    {
        set => _split = value.Split;
    }

    void ILayer.Forward(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows)
    {
        (_inputs, _outputs, _blocks) = (inputs, outputs, new RowBlocks(rows));
        Run(Pass.Moments);
        _moments.Join(_blocks.Count, Row(inputs.Span, 0), _mean, _inverse);
        if (_gathered >= 0) Gather(_mean, _inverse);
        else if (rows >= ((ILayer)this).LeastRows) Average(_mean, _inverse);
        Normalize();
        if (_gathered >= 0) _gathered++;
    }

    void ILayer.Infer(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows)
    {
        (_inputs, _outputs, _blocks) = (inputs, outputs, new RowBlocks(rows));
        RunningMean.Values.CopyTo(_mean);
        RunningVariance.Values.CopyTo(_inverse);
        Normalize();
    }

    // dL/dγ = Σ g·ẑ, dL/dβ = Σ g, ẑ being (z − μ)/√(σ² + ε).
    void ILayer.Backward(
        ReadOnlyMemory<float> inputs, ReadOnlyMemory<float> outputs, Memory<float> outputGradient, Memory<float> inputGradient, int rows)
    {
        (_inputs, _outputGradient, _inputGradient, _blocks) = (inputs, outputGradient, inputGradient, new RowBlocks(rows));
        Run(Pass.GradientSums);
        Join(_sums, Beta.Gradient);
        Join(_products, Gamma.Gradient);
        TensorPrimitives.Multiply(Gamma.Gradient, _inverse, Gamma.Gradient);
        if (!inputGradient.IsEmpty) InputGradient();
        Release();
    }

    void IParallelWork.Run(int part, int thread)
    {
        (int start, int end) = _blocks[part];
        Range rows = (start * _units)..(end * _units);
        ReadOnlySpan<float> z = _inputs.Span[rows];
        switch (_pass)
        {
            case Pass.Moments: _moments.Add(part, z, Row(_inputs.Span, 0)); break;
            case Pass.Normalize: Normalize(z, _outputs.Span[rows]); break;
            case Pass.GradientSums: GradientSums(z, _outputGradient.Span[rows], part); break;
            default: InputGradient(z, _outputGradient.Span[rows], _inputGradient.Span[rows], Of(_distances, part)); break;
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

    private Span<float> Of(float[] blocks, int block) => blocks.AsSpan(block * _units, _units);

    private ReadOnlySpan<float> Row(ReadOnlySpan<float> values, int row) => values.Slice(row * _units, _units);

    private Span<float> Row(Span<float> values, int row) => values.Slice(row * _units, _units);

    private void Run(Pass pass)
    {
        _pass = pass;
        _split.RunRows(this, _blocks, _units);
    }

    private void Release() => (_inputs, _outputs, _outputGradient, _inputGradient) = (default, default, default, default);

    // Sums of all blocks, from theirs.
    private void Join(float[] blocks, Span<float> sums)
    {
        sums.Clear();
        for (int block = 0; block < _blocks.Count; block++) TensorPrimitives.Add(sums, Of(blocks, block), sums);
    }

    private void Average(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance)
    {
        TensorPrimitives.Lerp(RunningMean.Values, mean, Momentum, RunningMean.Values);
        TensorPrimitives.Lerp(RunningVariance.Values, variance, Momentum, RunningVariance.Values);
    }

    private void Gather(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance)
    {
        for (int j = 0; j < _units; j++)
        {
            _sumOfMeans[j] += mean[j];
            _sumOfSquares[j] += variance[j] + (double)mean[j] * mean[j];
        }
    }

    // The variance gives way to 1/√(σ² + ε).
    private void Normalize()
    {
        TensorPrimitives.Add(_inverse, Epsilon, _inverse);
        TensorPrimitives.ReciprocalSqrt<float>(_inverse, _inverse);
        TensorPrimitives.Multiply(Gamma.Latent, _inverse, _scale);
        Run(Pass.Normalize);
        Release();
    }

    // y = scale·(z − μ) + β. Folded to scale·z + (β − scale·μ), two large numbers would cancel where μ is large.
    private void Normalize(ReadOnlySpan<float> z, Span<float> y)
    {
        for (int i = 0; i < z.Length / _units; i++)
        {
            Span<float> row = Row(y, i);
            TensorPrimitives.Subtract(Row(z, i), _mean, row);
            TensorPrimitives.MultiplyAdd(row, _scale, Beta.Latent, row);
        }
    }

    private void GradientSums(ReadOnlySpan<float> z, ReadOnlySpan<float> g, int block)
    {
        Span<float> products = Of(_products, block), distance = Of(_distances, block);
        ShortRows.Sum(g, Of(_sums, block));
        products.Clear();
        for (int i = 0; i < z.Length / _units; i++)
        {
            TensorPrimitives.Subtract(Row(z, i), _mean, distance);
            TensorPrimitives.MultiplyAdd(distance, Row(g, i), products, products);
        }
    }

    // dL/dz = γ/√(σ² + ε) · (g − Σg/n − ẑ·Σ(g·ẑ)/n): linear in g and in z − μ for each unit.
    private void InputGradient()
    {
        TensorPrimitives.Multiply(_scale, Beta.Gradient, _offset);
        TensorPrimitives.Divide(_offset, -_blocks.Rows, _offset);
        TensorPrimitives.Multiply(_scale, _inverse, _slope);
        TensorPrimitives.Multiply(_slope, Gamma.Gradient, _slope);
        TensorPrimitives.Divide(_slope, -_blocks.Rows, _slope);
        Run(Pass.InputGradient);
    }

    private void InputGradient(ReadOnlySpan<float> z, ReadOnlySpan<float> g, Span<float> d, Span<float> distance)
    {
        for (int i = 0; i < z.Length / _units; i++)
        {
            Span<float> row = Row(d, i);
            TensorPrimitives.Subtract(Row(z, i), _mean, distance);
            TensorPrimitives.MultiplyAdd(Row(g, i), _scale, _offset, row);
            TensorPrimitives.MultiplyAdd(distance, _slope, row, row);
        }
    }
}

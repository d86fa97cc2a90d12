using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Settings;

namespace BinaryConnect.UserLayers;

/// <summary>
/// y = z − μ + b with z = x·w_bᵀ and μ the mean of z over the batch; at test time μ is a running mean. A layer with
/// weights, a real parameter and a statistic, that runs on packed signs where all weights are ±1.
/// </summary>
public sealed class CenteredDense(int outputs) : Layer
{
    private const float Momentum = 0.1f;

    private readonly float[] _mean = new float[outputs];
    private readonly float[] _gathered = new float[outputs];
    private Parameter _weights = null!;
    private Parameter _bias = null!;
    private Statistic _runningMean = null!;
    private SignMatrix _signs = null!;
    private RowMemory _centered = null!;
    private int _inputs, _batches;
    private bool _isBinary;

    public override string Kind => "example.com/centered_dense";

    public override BackwardReads BackwardReads => BackwardReads.Input;

    public override bool HasStatelessInference => true;

    public override long MultiplyAdds => (long)_inputs * outputs;

    public override void Describe(SettingsWriter to) => to.Write("outputs", outputs);

    public override FeatureShape Build(FeatureShape input, LayerBuilder builder)
    {
        _inputs = input.Length;
        _weights = builder.AddWeights("weights", [outputs, _inputs], _inputs, outputs);
        _bias = builder.AddVector("bias", outputs, initial: 0.25f);
        _runningMean = builder.AddStatistic("mean", outputs);
        _centered = builder.AddRowMemory(outputs);
        _signs = new SignMatrix(outputs, _inputs);
        return new FeatureShape(outputs);
    }

    public override void Binarize(in BinarizePass pass)
    {
        pass.All();
        ReadOnlySpan<float> weights = _weights.Effective;
        _isBinary = Math.Abs(TensorPrimitives.MinMagnitude(weights)) == 1
            && Math.Abs(TensorPrimitives.MaxMagnitude(weights)) == 1;
        if (_isBinary) _signs.Pack(weights);
    }

    public override void Forward(in LayerPass pass)
    {
        Span<float> y = pass.Output;
        Multiply(pass.Input, y);
        ReadOnlySpan<float> mean = _runningMean.Values;
        if (pass.Mode != PassMode.Inference)
        {
            SumRows(y, _mean);
            TensorPrimitives.Divide(_mean, pass.Rows, _mean);
            if (pass.Mode == PassMode.Statistics) Gather();
            else TensorPrimitives.Lerp(_runningMean.Values, _mean, Momentum, _runningMean.Values);
            mean = _mean;
        }

        for (int i = 0; i < y.Length; i += outputs)
        {
            Span<float> row = y.Slice(i, outputs);
            TensorPrimitives.Subtract(row, mean, row);
            TensorPrimitives.Add(row, _bias.Latent, row);
        }
    }

    // dL/dz = g − mean(g), dL/dw = dL/dzᵀ·x, dL/db = Σ g.
    public override void Backward(in LayerPass pass)
    {
        ReadOnlySpan<float> g = pass.OutputGradient, x = pass.Input;
        Span<float> dz = pass.Of(_centered), dw = _weights.Gradient, db = _bias.Gradient;
        SumRows(g, db);
        for (int i = 0; i < g.Length; i++) dz[i] = g[i] - db[i % outputs] / pass.Rows;
        dw.Clear();
        for (int i = 0; i < dz.Length; i++)
        {
            Span<float> row = dw.Slice(i % outputs * _inputs, _inputs);
            TensorPrimitives.MultiplyAdd(x.Slice(i / outputs * _inputs, _inputs), dz[i], row, row);
        }

        if (pass.InputGradient.IsEmpty) return;
        if (_isBinary) _signs.MultiplyTransposed(dz, pass.InputGradient);
        else MultiplyTransposed(dz, pass.InputGradient);
    }

    public override void BeginStatistics()
    {
        Array.Clear(_gathered);
        _batches = 0;
    }

    public override void EndStatistics() => TensorPrimitives.Divide(_gathered, _batches, _runningMean.Values);

    private void Gather()
    {
        TensorPrimitives.Add(_gathered, _mean, _gathered);
        _batches++;
    }

    private void Multiply(ReadOnlySpan<float> x, Span<float> z)
    {
        if (_isBinary)
        {
            _signs.Multiply(x, z);
            return;
        }

        ReadOnlySpan<float> w = _weights.Effective;
        for (int i = 0; i < z.Length; i++)
            z[i] = TensorPrimitives.Dot(x.Slice(i / outputs * _inputs, _inputs), w.Slice(i % outputs * _inputs, _inputs));
    }

    private void MultiplyTransposed(ReadOnlySpan<float> g, Span<float> d)
    {
        d.Clear();
        for (int i = 0; i < g.Length; i++)
        {
            Span<float> row = d.Slice(i / outputs * _inputs, _inputs);
            TensorPrimitives.MultiplyAdd(_weights.Effective.Slice(i % outputs * _inputs, _inputs), g[i], row, row);
        }
    }

    private void SumRows(ReadOnlySpan<float> values, Span<float> sums)
    {
        sums.Clear();
        for (int i = 0; i < values.Length; i += outputs) TensorPrimitives.Add(sums, values.Slice(i, outputs), sums);
    }
}

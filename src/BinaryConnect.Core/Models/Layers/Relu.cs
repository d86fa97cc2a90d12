using System.Numerics.Tensors;
using BinaryConnect.Kernels;

namespace BinaryConnect.Models.Layers;

/// <summary>y = max(0, x); dL/dx = dL/dy where y &gt; 0, else 0.</summary>
public sealed class Relu : ILayer, ISplitWork
{
    // A pass over so many values takes about as long as another thread takes to wake.
    private const int Stretch = 1 << 15;

    private readonly int _units;
    private WorkSplit _split = new(1);

    // What the parts of one call work on; the outputs that a gradient is gated by, empty on the way forward.
    private ReadOnlyMemory<float> _source, _gate;
    private Memory<float> _destination;
    private int _length;

    internal Relu(int units) => _units = units;

    string ILayer.Kind => "rectifier";

    int ILayer.Inputs => _units;

    int ILayer.Outputs => _units;

    bool ILayer.WorksInPlace => true;

    LayerWorkspace ILayer.Workspace
    {
        set => _split = value.Split;
    }

    void ILayer.Forward(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows) => Run(inputs, default, outputs, rows);

    void ILayer.Backward(
        ReadOnlyMemory<float> inputs, ReadOnlyMemory<float> outputs, Memory<float> outputGradient, Memory<float> inputGradient, int rows) =>
        Run(outputGradient, outputs, inputGradient, rows);

    void ISplitWork.Run(int part, int thread)
    {
        int start = part * Stretch, length = Math.Min(Stretch, _length - start);
        ReadOnlySpan<float> source = _source.Span.Slice(start, length);
        Span<float> destination = _destination.Span.Slice(start, length);
        if (_gate.IsEmpty) TensorPrimitives.Max(source, 0f, destination);
        else Rectifier.Gate(source, _gate.Span.Slice(start, length), destination);
    }

    private void Run(ReadOnlyMemory<float> source, ReadOnlyMemory<float> gate, Memory<float> destination, int rows)
    {
        (_source, _gate, _destination, _length) = (source, gate, destination, rows * _units);
        _split.Run(this, (_length + Stretch - 1) / Stretch);
        (_source, _gate, _destination) = (default, default, default);
    }
}

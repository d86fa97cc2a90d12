using System.Numerics.Tensors;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Threading;

namespace BinaryConnect.Models.Layers;

/// <summary>y = max(0, x); dL/dx = dL/dy where y &gt; 0, else 0.</summary>
public sealed class Relu : ILayer, IParallelWork
{
    private readonly int _units;
    private WorkerPool _split = new(1);

    // What the parts of one call work on; the outputs that a gradient is gated by, empty on the way forward.
    private ReadOnlyMemory<float> _source, _gate;
    private Memory<float> _destination;
    private RowBlocks _blocks;

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

    void IParallelWork.Run(int part, int thread)
    {
        (int start, int end) = _blocks[part];
        Range values = (start * _units)..(end * _units);
        ReadOnlySpan<float> source = _source.Span[values];
        Span<float> destination = _destination.Span[values];
        if (_gate.IsEmpty) TensorPrimitives.Max(source, 0f, destination);
        else ReluGradient.Gate(source, _gate.Span[values], destination);
    }

    private void Run(ReadOnlyMemory<float> source, ReadOnlyMemory<float> gate, Memory<float> destination, int rows)
    {
        (_source, _gate, _destination, _blocks) = (source, gate, destination, new RowBlocks(rows));
        _split.RunRows(this, _blocks, _units);
        (_source, _gate, _destination) = (default, default, default);
    }
}

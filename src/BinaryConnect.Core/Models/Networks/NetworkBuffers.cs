using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models.Layers;
using BinaryConnect.Threading;

namespace BinaryConnect.Models.Networks;

/// <summary>The memory a network computes in, made once for its largest batch: an output of each layer, and two gradients.</summary>
internal sealed class NetworkBuffers
{
    private readonly ILayer[] _layers;
    private readonly Memory<float>[] _values;
    private readonly Memory<float>[] _gradients = new Memory<float>[2];
    private readonly ParallelWidening _widening = new();
    private readonly int _widest;
    private int _rows;

    public NetworkBuffers(ILayer[] layers)
    {
        _layers = layers;
        _values = new Memory<float>[layers.Length + 1];
        _widest = layers.Max(layer => layer.Outputs);
        FirstTrained = Array.FindIndex(layers, layer => layer.Parameters.Count > 0);
    }

    /// <summary>The first layer with parameters, at which the gradient ends.</summary>
    public int FirstTrained { get; }

    /// <summary>What layer <paramref name="layer"/> reads.</summary>
    public Memory<float> Inputs(int layer) => _values[layer];

    /// <summary>What layer <paramref name="layer"/> writes.</summary>
    public Memory<float> Outputs(int layer) => _values[layer + 1];

    /// <summary>One of two gradients, as wide as the widest layer.</summary>
    public Memory<float> Gradient(int index) => _gradients[index];

    /// <summary>Makes room for as many rows, if there is none.</summary>
    public void EnsureRows(int rows)
    {
        if (rows <= _rows) return;
        _values[0] = Allocate(rows, _layers[0].Inputs);
        for (int i = 0; i < _layers.Length; i++)
            _values[i + 1] = _layers[i].WorksInPlace ? _values[i] : Allocate(rows, _layers[i].Outputs);
        for (int i = 0; i < _gradients.Length; i++) _gradients[i] = Allocate(rows, _widest);

        // Only now, so that rows there was no memory for are asked for again.
        _rows = rows;
    }

    /// <summary>Copies the features of a batch, bytes as the floats they stand for.</summary>
    public void Load(Batch batch, WorkerPool split)
    {
        if (batch.HasBytes) _widening.Widen(batch.Bytes, batch.Scale, batch.Shift, _values[0], split);
        else batch.Features.CopyTo(_values[0].Span);
    }

    private static Memory<float> Allocate(int rows, int width) =>
        AlignedBuffer.Allocate(Guard.Product(rows, width, AlignedBuffer.MostLength, nameof(rows), nameof(width)));
}

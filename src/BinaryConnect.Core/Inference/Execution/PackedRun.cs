using BinaryConnect.Threading;

namespace BinaryConnect.Inference.Execution;

/// <summary>
/// The memory of one caller of a packed model: the buffers of each thread, and the threads.
/// </summary>
internal sealed unsafe class PackedRun : IParallelWork
{
    // Rows that go through all layers together, so that their activations stay in a cache.
    private const int MostBlockRows = 64, MostBlockValues = 1 << 22;

    private readonly LayerKernel[] _layers;
    private readonly WorkerPool _threads;
    private readonly LayerMemory[] _memory;
    private readonly int _blockRows;

    // The operands of the call.
    private void* _features;
    private bool _hasBytes;
    private float* _scores;
    private int _rows;

    public PackedRun(LayerKernel[] layers, int degreeOfParallelism)
    {
        _layers = layers;
        Degree = degreeOfParallelism;
        _threads = new WorkerPool(degreeOfParallelism);
        LayerNeeds needs = LayerNeeds.Of(layers.Select(layer => layer.Needs));
        _blockRows = Math.Clamp(MostBlockValues / needs.Widest, 1, MostBlockRows);
        _memory = [.. Enumerable.Range(0, _threads.Degree).Select(_ => new LayerMemory(needs, _blockRows))];
    }

    /// <summary>How many threads were asked for.</summary>
    public int Degree { get; }

    /// <summary>Effectively computes the scores [n, c] of rows [n, f], of floats or of bytes.</summary>
    public void Run<T>(ReadOnlySpan<T> features, Span<float> scores)
        where T : unmanaged
    {
        fixed (T* first = features)
        fixed (float* result = scores)
        {
            _features = first;
            _hasBytes = typeof(T) == typeof(byte);
            _scores = result;
            _rows = features.Length / _layers[0].Inputs;
            _threads.Run(this, (_rows + _blockRows - 1) / _blockRows);
        }
    }

    void IParallelWork.Run(int part, int thread)
    {
        int inputs = _layers[0].Inputs, classes = _layers[^1].Outputs;
        int start = part * _blockRows, count = Math.Min(_blockRows, _rows - start), length = count * inputs;
        nint first = (nint)start * inputs;
        LayerMemory memory = _memory[thread];
        var scores = new Span<float>(_scores + (nint)start * classes, count * classes);
        var floats = new ReadOnlySpan<float>(_hasBytes ? null : (float*)_features + first, _hasBytes ? 0 : length);
        var bytes = new ReadOnlySpan<byte>(_hasBytes ? (byte*)_features + first : null, _hasBytes ? length : 0);
        for (int i = 0; i < _layers.Length; i++)
        {
            LayerKernel layer = _layers[i];
            if (!layer.GivesBytes)
            {
                Span<float> y = i == _layers.Length - 1 ? scores : memory.Y[..(count * layer.Outputs)];
                if (bytes.IsEmpty) layer.Run(floats, y, memory);
                else layer.Run(bytes, y, memory);
                floats = y;
                bytes = default;
            }
            else
            {
                Span<byte> rounded = memory.YBytes[..(count * layer.OutputBytes)];
                if (bytes.IsEmpty) layer.Run(floats, rounded, memory);
                else layer.Run(bytes, rounded, memory);
                bytes = rounded;
            }

            memory.Swap();
        }
    }
}

using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Threading;

namespace BinaryConnect.Inference;

/// <summary>
/// The memory of one caller of a packed model: two buffers of activations for each thread, and the threads.
/// </summary>
internal sealed unsafe class PackedRun : IParallelWork
{
    // Rows that go through all layers together, so that their activations stay in a cache.
    private const int MostBlockRows = 64, MostBlockValues = 1 << 22;

    private readonly LayerKernel[] _layers;
    private readonly WorkerPool _threads;
    private readonly Memory<float>[] _first, _second, _work;
    private readonly GemmWorkspace[] _gemm;
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
        int widest = Math.Max(layers[0].Inputs, layers.Max(layer => layer.Outputs)), work = layers.Max(layer => layer.WorkLength);
        Memory<float>[] Buffers(int length) =>
            [.. Enumerable.Range(0, _threads.Degree).Select(_ => AlignedBuffer.Allocate(length))];
        _blockRows = Math.Clamp(MostBlockValues / widest, 1, MostBlockRows);
        (_first, _second, _work) = (Buffers(_blockRows * widest), Buffers(_blockRows * widest), Buffers(work));
        _gemm = [.. Enumerable.Range(0, _threads.Degree).Select(_ => new GemmWorkspace())];
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
        Span<float> x = _first[thread].Span, y = _second[thread].Span, work = _work[thread].Span;
        GemmWorkspace gemm = _gemm[thread];
        var scores = new Span<float>(_scores + (nint)start * classes, count * classes);
        for (int i = 0; i < _layers.Length; i++)
        {
            LayerKernel layer = _layers[i];
            Span<float> output = i == _layers.Length - 1 ? scores : y[..(count * layer.Outputs)];
            if (i > 0) layer.Run(x[..(count * layer.Inputs)], output, work, gemm);
            else if (_hasBytes) layer.Run(new((byte*)_features + first, length), x[..length], output, work, gemm);
            else layer.Run(new ReadOnlySpan<float>((float*)_features + first, length), output, work, gemm);
            Span<float> swap = x;
            x = y;
            y = swap;
        }
    }
}

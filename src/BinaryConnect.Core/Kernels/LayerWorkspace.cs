namespace BinaryConnect.Kernels;

/// <summary>What the dense layers of a network share, as only one of them computes at a time: threads and their work space.</summary>
internal sealed class LayerWorkspace
{
    private readonly Memory<float>[] _tables;

    /// <summary>Room for as many threads, and layers of at most <paramref name="mostInputs"/> inputs or outputs.</summary>
    public LayerWorkspace(int degreeOfParallelism, int mostInputs)
    {
        Split = new WorkSplit(degreeOfParallelism);
        FloatProduct = new SplitProduct(Split);
        int length = SignProduct.WorkLength(mostInputs);
        _tables = [.. Enumerable.Range(0, degreeOfParallelism).Select(_ => AlignedBuffer.Allocate(length))];
    }

    /// <summary>The threads.</summary>
    public WorkSplit Split { get; }

    /// <summary>Float products of any shape.</summary>
    public SplitProduct FloatProduct { get; }

    /// <summary>The tables of one thread for a <see cref="SignProduct"/>.</summary>
    public Span<float> Tables(int thread) => _tables[thread].Span;
}

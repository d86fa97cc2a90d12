namespace BinaryConnect.Kernels;

/// <summary>What the dense layers of a network share, as only one of them computes at a time: threads and their work space.</summary>
internal sealed class LayerWorkspace
{
    private readonly Memory<float>[] _scratch;

    /// <summary>Room for as many threads, and layers of at most <paramref name="mostInputs"/> inputs or outputs.</summary>
    public LayerWorkspace(int degreeOfParallelism, int mostInputs)
    {
        Split = new WorkSplit(degreeOfParallelism);
        FloatProduct = new SplitProduct(Split);
        int weights = SignLayout.WordInputs * mostInputs + StochasticSigns.GroupLength;
        int length = Math.Max(Kernels.SignProduct.WorkLength(new SignLayout(mostInputs, mostInputs)), weights);
        _scratch = [.. Enumerable.Range(0, degreeOfParallelism).Select(_ => AlignedBuffer.Allocate(length))];
        SignProduct = new SplitSignProduct(Split, _scratch);
    }

    /// <summary>The threads.</summary>
    public WorkSplit Split { get; }

    /// <summary>Float products of any shape.</summary>
    public SplitProduct FloatProduct { get; }

    /// <summary>Products with packed signs.</summary>
    public SplitSignProduct SignProduct { get; }

    /// <summary>
    /// Memory of one thread, for the tables of a <see cref="Kernels.SignProduct"/>, or for the weights of a word of outputs with as many
    /// before them as the binarizer may have to begin earlier.
    /// </summary>
    public Span<float> Scratch(int thread) => _scratch[thread].Span;
}

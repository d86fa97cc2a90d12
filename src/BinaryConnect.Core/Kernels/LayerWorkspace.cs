namespace BinaryConnect.Kernels;

/// <summary>What the dense layers of a network share, as only one of them computes at a time: threads and their work space.</summary>
internal sealed class LayerWorkspace
{
    /// <summary>The most inputs or outputs of a layer: 16 floats of a table for each of them fit one buffer.</summary>
    public const int MostUnits = 1 << 26;

    /// <summary>The most weights of a layer: packed signs of any shape fit one buffer.</summary>
    public const int MostWeights = 1 << 30;

    private readonly Memory<float>[] _scratch;

    /// <summary>Room for as many threads, and layers of at most <paramref name="mostInputs"/> inputs or outputs.</summary>
    public LayerWorkspace(int degreeOfParallelism, int mostInputs)
    {
        Split = new WorkSplit(degreeOfParallelism);
        Floats = new SplitProduct(Split);
        int length = ScratchLength(mostInputs);
        _scratch = [.. Enumerable.Range(0, Split.Degree).Select(_ => AlignedBuffer.Allocate(length))];
        Signs = new SplitSignProduct(Split, _scratch);
    }

    /// <summary>The threads.</summary>
    public WorkSplit Split { get; }

    /// <summary>Float products of any shape.</summary>
    public SplitProduct Floats { get; }

    /// <summary>Products with packed signs.</summary>
    public SplitSignProduct Signs { get; }

    /// <summary>
    /// How many floats of <see cref="Scratch"/> layers of at most <paramref name="mostInputs"/> inputs or outputs need.
    /// </summary>
    public static int ScratchLength(int mostInputs)
    {
        long weights = Math.Min((long)SignLayout.WordInputs * mostInputs, MostWeights) + StochasticSigns.GroupLength;
        return (int)Math.Max(SignProduct.WorkLength(new SignLayout(mostInputs, mostInputs)), weights);
    }

    /// <summary>
    /// Memory of one thread, for the tables of a <see cref="SignProduct"/>, or for the weights of a word of outputs with as many
    /// before them as the binarizer may have to begin earlier.
    /// </summary>
    public Span<float> Scratch(int thread) => _scratch[thread].Span;
}

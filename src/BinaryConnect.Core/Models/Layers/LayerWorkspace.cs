using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Kernels.Random;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Threading;

namespace BinaryConnect.Models.Layers;

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
        Split = new WorkerPool(degreeOfParallelism);
        Floats = new ParallelGemm(Split);
        int length = ScratchLength(mostInputs);
        _scratch = [.. Enumerable.Range(0, Split.Degree).Select(_ => AlignedBuffer.Allocate(length))];
        Signs = new ParallelSignGemm(Split, _scratch);
    }

    /// <summary>The threads.</summary>
    public WorkerPool Split { get; }

    /// <summary>Float products of any shape.</summary>
    public ParallelGemm Floats { get; }

    /// <summary>Products with packed signs.</summary>
    public ParallelSignGemm Signs { get; }

    /// <summary>
    /// How many floats of <see cref="Scratch"/> layers of at most <paramref name="mostInputs"/> inputs or outputs need.
    /// </summary>
    public static int ScratchLength(int mostInputs)
    {
        long weights = Math.Min((long)SignLayout.WordInputs * mostInputs, MostWeights) + StochasticSigns.GroupLength;
        return (int)Math.Max(SignGemm.WorkLength(new SignLayout(mostInputs, mostInputs)), weights);
    }

    /// <summary>
    /// Memory of one thread, for the tables of a <see cref="SignGemm"/>, or for the weights of a word of outputs with as many
    /// before them as the binarizer may have to begin earlier.
    /// </summary>
    public Span<float> Scratch(int thread) => _scratch[thread].Span;
}

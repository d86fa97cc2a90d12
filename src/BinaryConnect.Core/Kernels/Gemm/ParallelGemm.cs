using BinaryConnect.Threading;

namespace BinaryConnect.Kernels.Gemm;

/// <summary>
/// A <see cref="FloatGemm"/> on several threads, by the parts of a <see cref="GemmPartition"/>. The results have the
/// same bits for any number of threads. It belongs to one caller.
/// </summary>
internal sealed class ParallelGemm : IParallelWork
{
    private readonly GemmWorkspace[] _workspaces;
    private readonly WorkerPool _split;
    private GemmShape _shape;
    private GemmPartition _grid;
    private ReadOnlyMemory<float> _a;
    private ReadOnlyMemory<float> _b;
    private Memory<float> _c;

    /// <summary>A product on that many threads, the caller's among them; at least 1.</summary>
    public ParallelGemm(int degreeOfParallelism)
        : this(new WorkerPool(degreeOfParallelism))
    {
    }

    /// <summary>A product on a shared pool of threads.</summary>
    public ParallelGemm(WorkerPool split)
    {
        _split = split;
        _workspaces = new GemmWorkspace[split.Degree];
        for (int i = 0; i < _workspaces.Length; i++) _workspaces[i] = new GemmWorkspace();
    }

    /// <summary>
    /// The work space of the calling thread, for products on spans, which other threads cannot receive.
    /// </summary>
    public GemmWorkspace Workspace => _workspaces[0];

    /// <summary>
    /// Effectively computes c = op(a) · op(b), or c += op(a) · op(b) if the shape accumulates. c overlaps neither.
    /// </summary>
    public void Multiply(in GemmShape shape, ReadOnlyMemory<float> a, ReadOnlyMemory<float> b, Memory<float> c)
    {
        var grid = GemmPartition.Of(shape, _split.Degree);
        if (grid.Parts == 1)
        {
            FloatGemm.Multiply(shape, a.Span, b.Span, c.Span, Workspace);
            return;
        }

        foreach (GemmWorkspace workspace in _workspaces) workspace.Forget();
        (_shape, _grid, _a, _b, _c) = (shape, grid, a, b, c);
        _split.Run(this, grid.Parts);
        (_a, _b, _c) = (default, default, default);
    }

    void IParallelWork.Run(int number, int thread)
    {
        GemmPart part = _grid.Part(_shape, number);
        FloatGemm.Multiply(_shape, part, _a.Span, _b.Span, _c.Span, _workspaces[thread]);
    }
}

namespace BinaryConnect.Kernels;

/// <summary>
/// A <see cref="BlockedProduct"/> on several threads, which take the parts of a <see cref="ProductGrid"/> one after the other, so that
/// the results are the same to the bit for any number of threads. It belongs to one caller.
/// </summary>
internal sealed class SplitProduct : ISplitWork
{
    private readonly ProductWorkspace[] _workspaces;
    private readonly WorkSplit _split;
    private ProductShape _shape;
    private ProductGrid _grid;
    private ReadOnlyMemory<float> _a;
    private ReadOnlyMemory<float> _b;
    private Memory<float> _c;

    /// <summary>A product on as many threads, the caller's among them; at least 1.</summary>
    public SplitProduct(int degreeOfParallelism)
        : this(new WorkSplit(degreeOfParallelism))
    {
    }

    /// <summary>A product on threads that others use too.</summary>
    public SplitProduct(WorkSplit split)
    {
        _split = split;
        _workspaces = new ProductWorkspace[split.Degree];
        for (int i = 0; i < _workspaces.Length; i++) _workspaces[i] = new ProductWorkspace();
    }

    /// <summary>The work space of the thread that asks, for products on memory that only a span can name.</summary>
    public ProductWorkspace Workspace => _workspaces[0];

    /// <summary>Effectively computes c = op(a) · op(b), or c += op(a) · op(b), as the shape says; c overlaps neither.</summary>
    public void Multiply(in ProductShape shape, ReadOnlyMemory<float> a, ReadOnlyMemory<float> b, Memory<float> c)
    {
        var grid = ProductGrid.Of(shape, _split.Degree);
        if (grid.Parts == 1)
        {
            BlockedProduct.Multiply(shape, a.Span, b.Span, c.Span, Workspace);
            return;
        }

        foreach (ProductWorkspace workspace in _workspaces) workspace.Forget();
        (_shape, _grid, _a, _b, _c) = (shape, grid, a, b, c);
        _split.Run(this, grid.Parts);
        (_a, _b, _c) = (default, default, default);
    }

    void ISplitWork.Run(int number, int thread)
    {
        ProductPart part = _grid.Part(_shape, number);
        BlockedProduct.Multiply(_shape, part, _a.Span, _b.Span, _c.Span, _workspaces[thread]);
    }
}

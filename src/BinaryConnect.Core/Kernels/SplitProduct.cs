namespace BinaryConnect.Kernels;

/// <summary>
/// A <see cref="BlockedProduct"/> on several threads, which take the parts of a <see cref="ProductGrid"/> one after the other, so that
/// the results are the same to the bit for any number of threads. It belongs to one caller.
/// </summary>
internal sealed class SplitProduct : ISplitWork
{
    private readonly ProductWorkspace[] _workspaces;
    private readonly WorkSplit _split;
    private readonly bool[] _isOpen;
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
        _isOpen = new bool[split.Degree];
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
        _isOpen.AsSpan().Clear();
        (_shape, _grid, _a, _b, _c) = (shape, grid, a, b, c);
        _split.Run(this, grid.Parts);
        (_a, _b, _c) = (default, default, default);
    }

    void ISplitWork.Run(int number, int thread)
    {
        ProductPart part = _grid.Part(_shape, number);
        if (!_grid.SharesLastBlock)
        {
            Multiply(part, thread);
            return;
        }

        int row = number / _grid.ColumnParts, last = BlockedProduct.Blocks(_shape) - 1;
        if (number % _grid.ColumnParts == _grid.ColumnParts - 1) Open(row, part with { Column = 0, Columns = _shape.Columns, EndBlock = last }, thread);
        else WaitUntilOpen(row);
        Multiply(part with { FirstBlock = last }, thread);
    }

    // The part of a row of the grid that is taken first comes with all blocks but the last, to which the last is added. Who then takes a part of the last
    // one packs A for itself: what another core has packed would come from its cache, line by line.
    private void Open(int row, in ProductPart otherBlocks, int thread)
    {
        try
        {
            Multiply(otherBlocks, thread);
        }
        finally
        {
            Volatile.Write(ref _isOpen[row], true);
        }
    }

    private void WaitUntilOpen(int row)
    {
        var spin = new SpinWait();
        while (!Volatile.Read(ref _isOpen[row])) spin.SpinOnce(sleep1Threshold: -1);
    }

    private void Multiply(in ProductPart part, int thread) =>
        BlockedProduct.Multiply(_shape, part, _a.Span, _b.Span, _c.Span, _workspaces[thread]);
}

namespace BinaryConnect.Kernels;

/// <summary>
/// A <see cref="BlockedProduct"/> on several threads: each computes some of the rows of C, or some of the columns where those
/// are more, so that the results are the same to the bit for any number of threads. It belongs to one caller.
/// </summary>
internal sealed class SplitProduct : ISplitWork
{
    // A multiple of the rows and of the columns of every tile, so that no part cuts a tile that need not be cut.
    private const int RowStep = ProductTile.MostRows;
    private const int ColumnStep = ProductTile.MostColumns;

    private readonly ProductWorkspace[] _workspaces;
    private readonly WorkSplit _split;
    private ProductShape _shape;
    private ReadOnlyMemory<float> _a;
    private ReadOnlyMemory<float> _b;
    private Memory<float> _c;
    private int _parts;

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
        _parts = Parts(shape, _workspaces.Length);
        if (_parts == 1)
        {
            BlockedProduct.Multiply(shape, a.Span, b.Span, c.Span, Workspace);
            return;
        }

        (_shape, _a, _b, _c) = (shape, a, b, c);
        _split.Run(this, _parts);
        (_a, _b, _c) = (default, default, default);
    }

    void ISplitWork.Run(int part)
    {
        BlockedProduct.Multiply(_shape, Part(_shape, part, _parts), _a.Span, _b.Span, _c.Span, _workspaces[part]);
    }

    /// <summary>How many parts are worth a thread each: at most <paramref name="degreeOfParallelism"/>.</summary>
    public static int Parts(in ProductShape shape, int degreeOfParallelism) => ByRows(shape)
        ? WorkSplit.Parts(shape.Rows, RowStep, shape.MultiplyAdds, degreeOfParallelism)
        : WorkSplit.Parts(shape.Columns, ColumnStep, shape.MultiplyAdds, degreeOfParallelism);

    /// <summary>Part <paramref name="part"/> of so many: all columns of some rows, or all rows of some columns.</summary>
    public static ProductPart Part(in ProductShape shape, int part, int parts)
    {
        bool byRows = ByRows(shape);
        (int start, int end) = byRows ? WorkSplit.Range(shape.Rows, RowStep, part, parts) : WorkSplit.Range(shape.Columns, ColumnStep, part, parts);
        return byRows ? new(start, end - start, 0, shape.Columns) : new(0, shape.Rows, start, end - start);
    }

    private static bool ByRows(in ProductShape shape) => shape.Rows / RowStep >= shape.Columns / ColumnStep;
}

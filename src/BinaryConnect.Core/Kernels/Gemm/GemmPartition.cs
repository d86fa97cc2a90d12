using BinaryConnect.Threading;

namespace BinaryConnect.Kernels.Gemm;

/// <summary>
/// How the results of a product are cut into parts for threads, as a grid, of whole tiles as far as they go. A row of the grid has no
/// more rows than a block of A where several parts share it, so that each thread packs that block once.
/// </summary>
/// <param name="RowParts">The rows of the grid.</param>
/// <param name="ColumnParts">The columns of the grid.</param>
internal readonly record struct GemmPartition(int RowParts, int ColumnParts)
{
    // Multiples of the rows and of the columns of every tile.
    private const int RowStep = GemmMicroKernel.MostRows;
    private const int ColumnStep = GemmMicroKernel.MostColumns;

    // The last part has the rows that are left of a step as well.
    private const int MostRows = GemmWorkspace.MostRows - RowStep;

    /// <summary>How many parts there are.</summary>
    public int Parts => RowParts * ColumnParts;

    /// <summary>A grid for at most <paramref name="degreeOfParallelism"/> threads, whose parts are worth a thread each.</summary>
    public static GemmPartition Of(in GemmShape shape, int degreeOfParallelism)
    {
        // Where A has several blocks along the inner index, each part packs all of them, so that parts should be few.
        int most = FloatGemm.Blocks(shape) > 1 ? degreeOfParallelism : WorkerPool.PartsOf(degreeOfParallelism);
        long packing = WorkerPool.MultiplyAddsPerValue * shape.Inner * shape.Columns;
        int parts = WorkerPool.Worthwhile(shape.MultiplyAdds + packing, most);
        if (parts == 1) return new(1, 1);
        int blocks = Math.Min(parts, Pieces(shape.Rows, MostRows)), mostRowParts = Math.Max(1, shape.Rows / RowStep);

        // Rows of a thread's own, unless they are so few that each thread would spend its time on packing all of B.
        bool hasManyRows = mostRowParts >= shape.Columns / ColumnStep;
        int owners = hasManyRows ? Math.Max(blocks, Math.Min(degreeOfParallelism, mostRowParts)) : blocks;
        int mostColumnParts = Math.Max(1, shape.Columns / ColumnStep), columnParts = Math.Min(Pieces(parts, owners), mostColumnParts);
        int rowParts = Math.Max(owners, Math.Min(Pieces(parts, columnParts), mostRowParts));
        return new(rowParts, columnParts);
    }

    /// <summary>One of the parts, numbered from 0; those of a row of the grid follow one another.</summary>
    public GemmPart Part(in GemmShape shape, int number)
    {
        (int row, int rowEnd) = WorkRange.Of(shape.Rows, RowStep, number / ColumnParts, RowParts);
        (int column, int columnEnd) = WorkRange.Of(shape.Columns, ColumnStep, number % ColumnParts, ColumnParts);
        return new(row, rowEnd - row, column, columnEnd - column);
    }

    private static int Pieces(int length, int most) => (length + most - 1) / most;
}

using BinaryConnect.Threading;

namespace BinaryConnect.Kernels.Gemm;

/// <summary>
/// The partition of C into a grid of parts for threads, along the borders of tiles. If a row of the grid
/// has several parts, it is no taller than a block of A. So each thread packs that block once.
/// </summary>
/// <param name="RowParts">The rows of the grid.</param>
/// <param name="ColumnParts">The columns of the grid.</param>
internal readonly record struct GemmPartition(int RowParts, int ColumnParts)
{
    // Multiples of every MR and NR.
    private const int RowStep = GemmMicroKernel.MostRows;
    private const int ColumnStep = GemmMicroKernel.MostColumns;

    // The last part also has the remaining rows of an incomplete step.
    private const int MostRows = GemmWorkspace.MostRows - RowStep;

    /// <summary>How many parts there are.</summary>
    public int Parts => RowParts * ColumnParts;

    /// <summary>
    /// A grid for at most <paramref name="degreeOfParallelism"/> threads, in which every part is worth a thread.
    /// </summary>
    public static GemmPartition Of(in GemmShape shape, int degreeOfParallelism)
    {
        // With several blocks along the inner index, every part packs all of them: fewer parts are better.
        int most = FloatGemm.Blocks(shape) > 1 ? degreeOfParallelism : WorkerPool.PartsOf(degreeOfParallelism);
        long packing = WorkerPool.MultiplyAddsPerValue * shape.Inner * shape.Columns;
        int parts = WorkerPool.Worthwhile(shape.MultiplyAdds + packing, most);
        if (parts == 1) return new(1, 1);
        int blocks = Math.Min(parts, DivideUp(shape.Rows, MostRows)), mostRowParts = Math.Max(1, shape.Rows / RowStep);

        // Each thread gets rows of its own, unless there are so few that packing all of B would dominate.
        bool hasManyRows = mostRowParts >= shape.Columns / ColumnStep;
        int owners = hasManyRows ? Math.Max(blocks, Math.Min(degreeOfParallelism, mostRowParts)) : blocks;
        int mostColumnParts = Math.Max(1, shape.Columns / ColumnStep);
        int columnParts = Math.Min(DivideUp(parts, owners), mostColumnParts);
        int rowParts = Math.Max(owners, Math.Min(DivideUp(parts, columnParts), mostRowParts));
        return new(rowParts, columnParts);
    }

    /// <summary>One of the parts, numbered from 0 in row-major order of the grid.</summary>
    public GemmPart Part(in GemmShape shape, int number)
    {
        (int row, int rowEnd) = WorkRange.Of(shape.Rows, RowStep, number / ColumnParts, RowParts);
        (int column, int columnEnd) = WorkRange.Of(shape.Columns, ColumnStep, number % ColumnParts, ColumnParts);
        return new(row, rowEnd - row, column, columnEnd - column);
    }

    private static int DivideUp(int length, int most) => (length + most - 1) / most;
}

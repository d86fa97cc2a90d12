using BinaryConnect.Kernels.SignGemm;

namespace BinaryConnect.Threading;

/// <summary>
/// The rows of a batch in blocks. Their number does not depend on the number of threads, so that sums by block have
/// the same bits for any number. Threads share blocks much as they share the rows of a <see cref="ParallelSignGemm"/>,
/// so that each finds most of its rows in its own caches.
/// </summary>
/// <param name="Rows">The number of rows, at least 1.</param>
internal readonly record struct RowBlocks(int Rows)
{
    /// <summary>The most blocks.</summary>
    public const int Most = 8;

    // Every block but the last has a multiple of this many rows.
    private const int Step = 4;

    /// <summary>The number of blocks.</summary>
    public int Count => Math.Clamp(Rows / Step, 1, Most);

    /// <summary>The first row of a block, and the one after its last.</summary>
    public (int Start, int End) this[int block] => WorkRange.Of(Rows, Step, block, Count);

    /// <summary>The number of rows of a block.</summary>
    public int Length(int block)
    {
        (int start, int end) = this[block];
        return end - start;
    }
}

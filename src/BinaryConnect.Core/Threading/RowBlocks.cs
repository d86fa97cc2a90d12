using BinaryConnect.Kernels.SignGemm;

namespace BinaryConnect.Threading;

/// <summary>
/// The rows of a batch in blocks, as many for any number of threads: what is summed block by block is the same to the bit. Threads
/// share them much as they share the rows of a <see cref="ParallelSignGemm"/>, so that each finds most of its rows in its own caches.
/// </summary>
/// <param name="Rows">The number of rows, at least 1.</param>
internal readonly record struct RowBlocks(int Rows)
{
    /// <summary>The most blocks.</summary>
    public const int Most = 8;

    // A multiple of so many rows is in each block but the last.
    private const int Step = 4;

    /// <summary>The number of blocks.</summary>
    public int Count => Math.Clamp(Rows / Step, 1, Most);

    /// <summary>The first row of a block, and the one after its last.</summary>
    public (int Start, int End) this[int block] => WorkRange.Of(Rows, Step, block, Count);

    /// <summary>How many rows a block has.</summary>
    public int Length(int block)
    {
        (int start, int end) = this[block];
        return end - start;
    }
}

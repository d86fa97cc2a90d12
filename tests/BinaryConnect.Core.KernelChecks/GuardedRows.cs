using BinaryConnect.Kernels.Rows;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>Rows of random bytes against forbidden pages, in every layout of rows.</summary>
internal sealed class GuardedRows
{
    public const int Most = 5;

    private const int Gap = 3;

    private readonly GuardedMemory<byte> _bytes;
    private readonly GuardedMemory<int> _numbers = new(Most);

    /// <param name="mostInner">The length of the longest rows to be taken.</param>
    public GuardedRows(int mostInner)
    {
        int length = Most * (mostInner + Gap);
        _bytes = new(length);
        foreach (Side side in (ReadOnlySpan<Side>)[Side.Start, Side.End]) new Random(1).NextBytes(_bytes.Take(length, side));
    }

    /// <summary>At most <see cref="Most"/> rows.</summary>
    public ByteRows Take(RowView view, int rows, int inner, Side side) => view switch
    {
        RowView.Apart => new(_bytes.Take(Math.Max(0, rows * (inner + Gap) - Gap), side), rows, inner, inner + Gap),
        _ => new(_bytes.Take(rows * inner, side), inner),
    };

    /// <summary>
    /// All of <see cref="Most"/> rows as a table, and the numbers of some. The first and the last row, each against a
    /// page, are among them.
    /// </summary>
    public NextBatchRows TakeAhead(int inner, Side side) =>
        RowsAhead.Of(_bytes.Take(Most * inner, side), inner, _numbers.Take([3, 0, 3, 4, 2], side));
}

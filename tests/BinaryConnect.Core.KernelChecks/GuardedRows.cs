using BinaryConnect.Kernels;

namespace BinaryConnect.KernelChecks;

/// <summary>Rows of random bytes against pages that nobody may touch, in every way that rows may lie.</summary>
internal sealed class GuardedRows
{
    public const int Most = 5;

    private const int Gap = 3;

    // The first and the last row of the table are among them, each against one of the pages.
    private static readonly int[] Numbers = [3, 0, 3, 4, 2];

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
        RowView.ByNumber => new(_bytes.Take(Most * inner, side), inner, _numbers.Take(Numbers.AsSpan(0, rows), side)),
        _ => new(_bytes.Take(rows * inner, side), inner),
    };
}

namespace BinaryConnect.Kernels;

/// <summary>
/// The rows of a shuffled batch, copied side by side for products that go over them again and again. In their table each has a page of its
/// own, and there are more of them than a core keeps the addresses of at hand; and few begin at a cache line.
/// </summary>
internal sealed class GatheredRows
{
    private readonly RowCopies _copies = new();
    private int[] _numbers = [];
    private int _count, _width;

    /// <summary>Makes room for copies of a batch's rows. Rows that lie side by side already are not copied.</summary>
    public void Reset(ByteRows x)
    {
        _width = x.Width;
        _count = RowCopies.Suit(x.Numbers.Length, x.Width) ? x.Numbers.Length : 0;
        _copies.Reserve(_count, x.Width);
        if (_numbers.Length < _count) _numbers = new int[_count];
        x.Numbers[.._count].CopyTo(_numbers);
    }

    /// <summary>Whether rows are copied.</summary>
    public bool AreCopied => _count > 0;

    /// <summary>Copies the batch's row <paramref name="number"/>.</summary>
    public void Copy(ReadOnlySpan<byte> row, int number) => _copies.Copy(row, number);

    /// <summary>The copies of some of the rows, the first of which is the batch's row <paramref name="first"/>.</summary>
    public ByteRows Copies(int first, int count) => _copies.Rows(first, count);

    /// <summary>The copies of a whole batch; the batch itself where it is not the one that was copied.</summary>
    public ByteRows Of(ByteRows x) =>
        AreCopied && x.Width == _width && x.Numbers.SequenceEqual(_numbers.AsSpan(0, _count)) ? Copies(0, _count) : x;
}

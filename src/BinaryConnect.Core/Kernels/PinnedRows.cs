namespace BinaryConnect.Kernels;

/// <summary>
/// <see cref="ByteRows"/> for another thread, to which no span can be handed. Whoever makes one keeps both pointers' memory pinned
/// until the last thread is done.
/// </summary>
/// <param name="table">The table of the rows.</param>
/// <param name="numbers">Their numbers in it; null for rows without.</param>
/// <param name="rows">The rows.</param>
internal readonly unsafe struct PinnedRows(byte* table, int* numbers, ByteRows rows)
{
    private readonly int _count = rows.Count, _width = rows.Width, _stride = rows.Stride, _length = rows.Table.Length;

    /// <summary>The rows.</summary>
    public ByteRows Rows => numbers == null
        ? new(new ReadOnlySpan<byte>(table, _length), _count, _width, _stride)
        : new(new ReadOnlySpan<byte>(table, _length), _width, new ReadOnlySpan<int>(numbers, _count));
}

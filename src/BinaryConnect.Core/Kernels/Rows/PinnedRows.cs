namespace BinaryConnect.Kernels.Rows;

/// <summary>
/// <see cref="ByteRows"/> for other threads, which cannot receive a span. The creator keeps the memory pinned until the
/// last thread is done.
/// </summary>
/// <param name="first">The first byte of the first row.</param>
/// <param name="rows">The rows.</param>
internal readonly unsafe struct PinnedRows(byte* first, ByteRows rows)
{
    private readonly int _count = rows.Count, _width = rows.Width, _stride = rows.Stride;

    /// <summary>The rows.</summary>
    public ByteRows Rows => new(new ReadOnlySpan<byte>(first, Length), _count, _width, _stride);

    // The last row has no padding behind it.
    private int Length => _count == 0 ? 0 : (_count - 1) * _stride + _width;
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Rows;

/// <summary>
/// A buffer for copies of rows of bytes. Each row begins at a cache line; rows that exceed a cache are contiguous.
/// </summary>
internal sealed class RowBuffer
{
    private const int Line = AlignedBuffer.Alignment;

    // About a core's share of the last-level cache.
    private const int MostBytes = 1 << 24;

    private Memory<byte> _bytes;
    private int _width;

    /// <summary>How many of the first rows hold copies. The copying loop sets it.</summary>
    public int Count { get; set; }

    /// <summary>Whether copies of rows [count, width] stay in a cache until they are used.</summary>
    public static bool FitCache(int count, int width) => count * Aligned(width) <= MostBytes;

    /// <summary>How many bytes apart two rows begin.</summary>
    public int Stride { get; private set; }

    /// <summary>Makes room for rows [count, width].</summary>
    public void Reserve(int count, int width)
    {
        _width = width;
        Stride = FitCache(count, width) ? (int)Aligned(width) : width;
        if (_bytes.Length < count * Stride) _bytes = AlignedBuffer.Allocate<byte>(count * Stride);
    }

    /// <summary>The first byte of the place of a row, for which there must be room.</summary>
    public ref byte Start(int row) => ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes.Span), row * Stride);

    /// <summary>Copies a row to place <paramref name="number"/>.</summary>
    public void Copy(ReadOnlySpan<byte> row, int number) => row.CopyTo(_bytes.Span[(number * Stride)..]);

    /// <summary>The first <paramref name="count"/> copies.</summary>
    public ByteRows Rows(int count) => new(_bytes.Span, count, _width, Stride);

    private static long Aligned(int width) => (width + Line - 1L) / Line * Line;
}

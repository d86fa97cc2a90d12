using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BinaryConnect.Kernels;

/// <summary>Room for copies of rows of bytes, side by side: each begins at a cache line.</summary>
internal sealed class RowCopies
{
    private const int Line = AlignedBuffer.Alignment;

    // More than that stays near no core, and is read where it lies.
    private const int MostBytes = 1 << 24;

    private Memory<byte> _bytes;
    private int _width;

    /// <summary>Whether all rows that room was made for are there, as their copier says.</summary>
    public bool AreComplete { get; set; }

    /// <summary>Whether copies of so many rows are worth their room.</summary>
    public static bool Suit(int count, int width) => (long)count * StrideOf(width) <= MostBytes;

    /// <summary>How many bytes apart two rows begin.</summary>
    public int Stride { get; private set; }

    /// <summary>Makes room for so many rows.</summary>
    public void Reserve(int count, int width)
    {
        _width = width;
        Stride = StrideOf(width);
        if (_bytes.Length < count * Stride) _bytes = AlignedBuffer.Allocate<byte>(count * Stride);
    }

    /// <summary>The first byte of the place of a row, for which there must be room.</summary>
    public ref byte Start(int row) => ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes.Span), row * Stride);

    /// <summary>Copies a row to place <paramref name="number"/>.</summary>
    public void Copy(ReadOnlySpan<byte> row, int number) => row.CopyTo(_bytes.Span[(number * Stride)..]);

    /// <summary>Some of the copies.</summary>
    public ByteRows Rows(int first, int count) => new(_bytes.Span[(first * Stride)..], count, _width, Stride);

    private static int StrideOf(int width) => (width + Line - 1) / Line * Line;
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BinaryConnect.Kernels.Rows;

/// <summary>Rows of bytes, [n, k], at equal distances in memory.</summary>
internal readonly ref struct ByteRows
{
    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Views <paramref name="count"/> rows that begin <paramref name="stride"/> bytes apart.</summary>
    public ByteRows(ReadOnlySpan<byte> bytes, int count, int width, int stride)
    {
        _bytes = bytes;
        Stride = stride;
        Width = width;
        Count = count;
    }

    /// <summary>Views contiguous rows.</summary>
    public ByteRows(ReadOnlySpan<byte> rows, int width)
        : this(rows, rows.Length / width, width, width)
    {
    }

    /// <summary>How many bytes apart two rows begin.</summary>
    public int Stride { get; }

    /// <summary>The number of rows, n.</summary>
    public int Count { get; }

    /// <summary>The number of bytes of a row, k.</summary>
    public int Width { get; }

    /// <summary>One row.</summary>
    public ReadOnlySpan<byte> this[int row] => MemoryMarshal.CreateReadOnlySpan(ref Start(row), Width);

    /// <summary>The rows from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    public ByteRows Slice(int start, int end) => new(_bytes[(start * Stride)..], end - start, Width, Stride);

    /// <summary>The first byte; <c>fixed</c> pins the rows by it.</summary>
    public ref readonly byte GetPinnableReference() => ref MemoryMarshal.GetReference(_bytes);

    /// <summary>The first byte of a row, which must exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref byte Start(int row) => ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), (nint)row * Stride);
}

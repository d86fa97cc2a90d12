using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BinaryConnect.Kernels;

/// <summary>Rows of bytes, [n, k], at equal distances in memory, or some of them by their numbers.</summary>
internal readonly ref struct ByteRows
{
    /// <summary>Views <paramref name="count"/> rows that begin <paramref name="stride"/> bytes apart.</summary>
    public ByteRows(ReadOnlySpan<byte> table, int count, int width, int stride)
    {
        Table = table;
        Stride = stride;
        Width = width;
        Count = count;
    }

    /// <summary>Views rows that lie one after the other.</summary>
    public ByteRows(ReadOnlySpan<byte> rows, int width)
        : this(rows, rows.Length / width, width, width)
    {
    }

    /// <summary>Views the rows of a table that <paramref name="numbers"/> names, each of which must exist.</summary>
    public ByteRows(ReadOnlySpan<byte> table, int width, ReadOnlySpan<int> numbers)
        : this(table, numbers.Length, width, width)
    {
        Numbers = numbers;
    }

    /// <summary>Where the rows lie.</summary>
    public ReadOnlySpan<byte> Table { get; }

    /// <summary>Which rows of the table these are; empty for the first ones.</summary>
    public ReadOnlySpan<int> Numbers { get; }

    /// <summary>How many bytes apart two rows of the table begin.</summary>
    public int Stride { get; }

    /// <summary>The number of rows, n.</summary>
    public int Count { get; }

    /// <summary>The number of bytes of a row, k.</summary>
    public int Width { get; }

    /// <summary>One row.</summary>
    public ReadOnlySpan<byte> this[int row] => MemoryMarshal.CreateReadOnlySpan(ref Start(row), Width);

    /// <summary>The rows from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    public ByteRows Slice(int start, int end) => Numbers.IsEmpty
        ? new(Table[(start * Stride)..], end - start, Width, Stride)
        : new(Table, Width, Numbers[start..end]);

    /// <summary>The first byte of a row, which must exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref byte Start(int row)
    {
        int number = Numbers.IsEmpty ? row : Unsafe.Add(ref MemoryMarshal.GetReference(Numbers), row);
        return ref Unsafe.Add(ref MemoryMarshal.GetReference(Table), (nint)number * Stride);
    }
}

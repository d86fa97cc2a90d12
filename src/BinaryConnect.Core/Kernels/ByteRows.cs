using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BinaryConnect.Kernels;

/// <summary>Rows of bytes, [n, k], at equal distances in memory, or some of them by their numbers.</summary>
internal readonly ref struct ByteRows
{
    private readonly ReadOnlySpan<byte> _table;
    private readonly ReadOnlySpan<int> _numbers;
    private readonly int _stride;

    /// <summary>Views <paramref name="count"/> rows that begin <paramref name="stride"/> bytes apart.</summary>
    public ByteRows(ReadOnlySpan<byte> table, int count, int width, int stride)
    {
        _table = table;
        _stride = stride;
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
        _numbers = numbers;
    }

    /// <summary>The number of rows, n.</summary>
    public int Count { get; }

    /// <summary>The number of bytes of a row, k.</summary>
    public int Width { get; }

    /// <summary>One row.</summary>
    public ReadOnlySpan<byte> this[int row] => MemoryMarshal.CreateReadOnlySpan(ref Start(row), Width);

    /// <summary>The first byte of a row, which must exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref byte Start(int row)
    {
        int number = _numbers.IsEmpty ? row : Unsafe.Add(ref MemoryMarshal.GetReference(_numbers), row);
        return ref Unsafe.Add(ref MemoryMarshal.GetReference(_table), (nint)number * _stride);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Rows;

/// <summary>
/// The rows of the next batch, which a kernel copies while it computes this one. Uncached rows may each be on a page of
/// its own.
/// </summary>
/// <param name="table">All rows, contiguous.</param>
/// <param name="width">The number of bytes of a row.</param>
/// <param name="numbers">The numbers of the next batch's rows in the table; empty to copy nothing.</param>
/// <param name="copies">The destination; it must have room for the rows.</param>
internal readonly ref struct NextBatchRows(ReadOnlySpan<byte> table, int width, ReadOnlySpan<int> numbers, RowBuffer copies)
{
    /// <summary>The first byte of the table.</summary>
    public readonly ref byte Table = ref MemoryMarshal.GetReference(table);

    /// <summary>The first number.</summary>
    public readonly ref int Numbers = ref MemoryMarshal.GetReference(numbers);

    /// <summary>The number of rows.</summary>
    public int Count { get; } = numbers.Length;

    /// <summary>The number of bytes of a row.</summary>
    public int Width { get; } = width;

    /// <summary>Where the rows are copied to.</summary>
    public RowBuffer Copies { get; } = copies;

    /// <summary>The first byte of a row, which must exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref byte Start(int row) => ref Unsafe.Add(ref Table, (nint)Unsafe.Add(ref Numbers, row) * Width);

    /// <summary>
    /// Prefetches the first line of each row. The page walks of pages not used lately then overlap with computation.
    /// </summary>
    public void PrefetchPages()
    {
        for (int i = 0; i < Count; i++) Prefetch.Line(ref Start(i));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Rows;

/// <summary>
/// The rows of the next batch, which a kernel copies while it computes this one: they may lie far from any cache, each on a page of its own.
/// </summary>
/// <param name="table">All rows, one after the other.</param>
/// <param name="width">The number of bytes of a row.</param>
/// <param name="numbers">Which rows of the table come next; none where nothing is to be copied.</param>
/// <param name="copies">Where to; there must be room for them.</param>
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
    /// Prefetches the first line of each row. A page that was not used lately takes a page walk; the walks go on while something else is computed.
    /// </summary>
    public void PrefetchPages()
    {
        for (int i = 0; i < Count; i++) Prefetch.Line(ref Start(i));
    }
}

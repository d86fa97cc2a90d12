using System.Runtime.InteropServices;
using BinaryConnect.Kernels.Rows;

namespace BinaryConnect.Tests.Support;

/// <summary>Rows to be copied while something else is computed.</summary>
internal static class RowsAhead
{
    public static NextBatchRows Of(ReadOnlySpan<byte> table, int width, ReadOnlySpan<int> numbers)
    {
        var copies = new RowBuffer();
        copies.Reserve(numbers.Length, width);
        return new NextBatchRows(table, width, numbers, copies);
    }

    /// <summary>All rows of the table, the last one first.</summary>
    public static NextBatchRows Of(ReadOnlySpan<byte> table, int width) =>
        Of(table, width, (int[])[.. Enumerable.Range(0, table.Length / width).Reverse()]);

    /// <summary>The fault of the copies, or null.</summary>
    public static string? Fault(NextBatchRows ahead, bool areComplete)
    {
        int expected = areComplete ? ahead.Count : 0;
        if (ahead.Copies.Count != expected) return $"{ahead.Copies.Count} rows ahead are said to be copied, not {expected}";
        ByteRows copies = ahead.Copies.Rows(ahead.Count);
        for (int i = 0; areComplete && i < copies.Count; i++)
        {
            if (!copies[i].SequenceEqual(MemoryMarshal.CreateReadOnlySpan(ref ahead.Start(i), ahead.Width)))
                return $"the copy of row {i} ahead differs";
        }

        return null;
    }
}

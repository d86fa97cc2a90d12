using BinaryConnect.Kernels;

namespace BinaryConnect.Tests.Support;

/// <summary>Rows to be copied while something else is computed.</summary>
internal static class RowsAhead
{
    public static NextRows Of(ByteRows rows)
    {
        var copies = new RowCopies();
        copies.Reserve(rows.Count, rows.Width);
        return new NextRows(rows, copies);
    }

    /// <summary>What is wrong with the copies; null if nothing is.</summary>
    public static string? Fault(NextRows ahead, bool areComplete)
    {
        if (ahead.Copies.AreComplete != areComplete) return areComplete ? "the rows ahead are not copied" : "rows ahead are said to be copied";
        ByteRows copies = ahead.Copies.Rows(0, ahead.Rows.Count);
        for (int i = 0; areComplete && i < copies.Count; i++)
        {
            if (!copies[i].SequenceEqual(ahead.Rows[i])) return $"the copy of row {i} ahead differs";
        }

        return null;
    }
}

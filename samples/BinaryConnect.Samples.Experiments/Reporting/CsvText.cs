using System.Globalization;
using nietras.SeparatedValues;

namespace BinaryConnect.Samples.Experiments.Reporting;

/// <summary>A table as CSV: commas, a header, numbers with all their digits, and nothing for NaN.</summary>
internal static class CsvText
{
    /// <summary>The text of the file.</summary>
    public static string Of(Table table)
    {
        using SepWriter writer = Sep.New(',').Writer(options => options with { Escape = true }).ToText();
        foreach (object?[] cells in table.Rows)
        {
            using SepWriter.Row row = writer.NewRow();
            for (int i = 0; i < cells.Length; i++) row[table.Columns[i].Key].Set(Text(cells[i]));
        }

        return writer.ToString();
    }

    private static string? Text(object? cell) =>
        cell is double.NaN ? null : Convert.ToString(cell, CultureInfo.InvariantCulture);
}

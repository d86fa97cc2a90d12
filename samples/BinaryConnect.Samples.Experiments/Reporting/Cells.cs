using System.Globalization;

namespace BinaryConnect.Samples.Experiments.Reporting;

/// <summary>The cells of tables as text that people read.</summary>
internal static class Cells
{
    /// <summary>A cell as people read it.</summary>
    public static string Text(object? cell, Column column) => cell switch
    {
        null or double.NaN => "–",
        bool value => value ? "yes" : "no",
        IFormattable number => Text(number, column.Format ?? DefaultFormat(number)),
        _ => cell.ToString()!,
    };

    /// <summary>Whether the column has numbers, which stand right.</summary>
    public static bool IsNumeric(Table table, int column) =>
        table.Rows.All(row => row[column] is null or IFormattable);

    private static string Text(IFormattable number, string format) =>
        number.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');

    private static string DefaultFormat(IFormattable number) => number is int or long ? "N0" : "G5";
}

namespace BinaryConnect.Samples.Experiments.Reporting;

/// <summary>A report for the screen: plain lines of at most 80 columns.</summary>
internal static class TableText
{
    /// <summary>The columns of a screen.</summary>
    public const int Width = 80;

    private const string Gap = "  ";

    // A percent sign stays on the line of its number.
    private const char Joined = '\u00a0';

    /// <summary>Writes the shown tables and the findings.</summary>
    public static void Write(TextWriter output, Report report)
    {
        foreach (Table table in report.Tables.Where(table => table.IsShown))
        {
            Write(output, table);
            output.WriteLine();
        }

        foreach (string finding in report.Findings) WriteWrapped(output, finding, indent: "- ");
    }

    /// <summary>Writes a table.</summary>
    public static void Write(TextWriter output, Table table)
    {
        string[][] lines =
        [
            [.. table.Columns.Select(column => column.Header)],
            .. table.Rows.Select(row => row.Select((cell, i) => Cells.Text(cell, table.Columns[i])).ToArray()),
        ];
        int[] widths = [.. table.Columns.Select((_, i) => lines.Max(line => line[i].Length))];
        WriteWrapped(output, table.Title, indent: "");
        foreach (string[] line in lines)
        {
            IEnumerable<string> cells = line.Select((cell, i) =>
                Cells.IsNumeric(table, i) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            output.WriteLine(string.Join(Gap, cells).TrimEnd());
        }
    }

    /// <summary>Writes a text in lines that fit the screen.</summary>
    /// <param name="output">The screen.</param>
    /// <param name="text">The text.</param>
    /// <param name="indent">The start of the first line; the others start with as many spaces.</param>
    public static void WriteWrapped(TextWriter output, string text, string indent)
    {
        string line = indent;
        foreach (string joined in text.Replace(" %", $"{Joined}%", StringComparison.Ordinal).Split(' '))
        {
            string word = joined.Replace(Joined, ' ');
            if (line.Length > indent.Length && line.Length + 1 + word.Length > Width)
            {
                output.WriteLine(line);
                line = new string(' ', indent.Length);
            }

            line += line.Length > indent.Length ? $" {word}" : word;
        }

        output.WriteLine(line);
    }
}

using System.Text;

namespace BinaryConnect.Samples.Experiments.Reporting;

/// <summary>A report as Markdown, with its pictures and tables.</summary>
internal static class MarkdownText
{
    /// <summary>The text of report.md.</summary>
    public static string Of(IExperiment experiment, ExperimentSettings settings, Report report)
    {
        var text = new StringBuilder();
        text.Append($"# {report.Title}\n\n{experiment.Question}\n\n## What was found\n\n");
        foreach (string finding in report.Findings) text.Append($"- {finding}\n");
        foreach (Picture picture in report.Pictures)
            text.Append($"\n![{picture.Caption}]({picture.Name}.png)\n\n*{picture.Caption}*\n");
        text.Append("\n## Numbers\n");
        foreach (Table table in report.Tables.Where(table => table.IsShown)) Append(text, table);
        text.Append("\n## How it was measured\n\n");
        text.Append($"{report.Method}\n\n");
        if (settings.Seeds.Count > 0) text.Append($"- Seeds: {string.Join(", ", settings.Seeds)}\n");
        if (settings.Steps is int steps)
            text.Append($"- At most {steps:N0} steps a run, by `--steps`: this is not the full experiment.\n");
        text.Append($"- Library: {LibraryVersion.Text}\n");
        string files = string.Join(", ", report.Tables.Select(table => $"[{table.Name}.csv]({table.Name}.csv)"));
        text.Append($"- All digits: {files}, [{experiment.Name}.json]({experiment.Name}.json)\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, Table table)
    {
        text.Append($"\n{table.Title}\n\n");
        text.Append($"| {string.Join(" | ", table.Columns.Select(column => Escape(column.Header)))} |\n");
        text.Append($"|{string.Concat(table.Columns.Select((_, i) => Cells.IsNumeric(table, i) ? "---:|" : "---|"))}\n");
        foreach (object?[] row in table.Rows)
            text.Append($"| {string.Join(" | ", row.Select((cell, i) => Escape(Cells.Text(cell, table.Columns[i]))))} |\n");
    }

    private static string Escape(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal);
}

namespace BinaryConnect.Samples.Experiments.Reporting;

/// <summary>A table, which has a CSV file of its own.</summary>
/// <param name="Name">The name in JSON, and of the CSV file without its extension.</param>
/// <param name="Title">The line above it.</param>
/// <param name="Columns">The columns.</param>
internal sealed record Table(string Name, string Title, params IReadOnlyList<Column> Columns)
{
    private readonly List<object?[]> _rows = [];

    /// <summary>Whether it is on the screen, in report.md and in JSON. Long series are in CSV files alone.</summary>
    public bool IsShown { get; init; } = true;

    /// <summary>The cells of each row: text, int, long, float, double, bool, or null for none.</summary>
    public IReadOnlyList<object?[]> Rows => _rows;

    /// <summary>Adds a row.</summary>
    /// <exception cref="ArgumentException">The number of cells is not that of the columns.</exception>
    public void Add(params object?[] cells)
    {
        if (cells.Length != Columns.Count)
        {
            throw new ArgumentException(
                $"'cells' has {cells.Length} cells; it must have one for each of the {Columns.Count} columns of '{Name}'.");
        }

        _rows.Add(cells);
    }
}

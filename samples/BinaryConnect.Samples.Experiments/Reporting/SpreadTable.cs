namespace BinaryConnect.Samples.Experiments.Reporting;

/// <summary>Tables of mean and spread over seeds.</summary>
internal static class SpreadTable
{
    /// <summary>A table of names, each with mean, standard deviation, extremes and number of runs.</summary>
    /// <param name="name">The name of the CSV file.</param>
    /// <param name="title">The line above the table.</param>
    /// <param name="keys">The columns of the names.</param>
    /// <param name="rows">Names and figure of each row.</param>
    public static Table Of(
        string name, string title, IReadOnlyList<Column> keys, IEnumerable<(object?[] Names, Spread Figure)> rows)
    {
        var table = new Table(
            name,
            title,
            [
                .. keys,
                new Column("mean", "mean", "F4"),
                new Column("deviation", "±", "F4"),
                new Column("minimum", "least", "F4"),
                new Column("maximum", "most", "F4"),
                new Column("runs", "runs"),
            ]);
        foreach ((object?[] names, Spread figure) in rows)
            table.Add([.. names, figure.Mean, figure.Deviation, figure.Minimum, figure.Maximum, figure.Count]);
        return table;
    }
}

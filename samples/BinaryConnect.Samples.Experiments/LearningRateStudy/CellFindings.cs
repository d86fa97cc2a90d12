using BinaryConnect.Samples.Experiments.Reporting;

namespace BinaryConnect.Samples.Experiments.LearningRateStudy;

/// <summary>Sentences about the table, from its numbers.</summary>
internal static class CellFindings
{
    /// <summary>The sentences; cells of an optimizer follow one another, the scaled one second.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<Cell> cells)
    {
        int gains = 0;
        foreach (Cell[] pair in cells.Chunk(2))
        {
            (Cell plain, Cell scaled) = (pair[0], pair[1]);
            if (IsBetter(scaled, plain)) gains++;
            yield return $"{plain.Best.Optimizer}: the test error is {plain.ErrorText} without scaling and {scaled.ErrorText} "
                + $"with it: {Compare(plain, scaled)}. The best rate is {plain.Best.Rate:G3} without and "
                + $"{scaled.Best.Rate:G3} with scaling; {plain.GoodRates} and {scaled.GoodRates} of {plain.Tried.Count} rates "
                + "come within one percentage point of the best.";
        }

        if (cells[0].Error.Count == 1)
        {
            yield return "Conclusion: none. A single run of each cannot rank them.";
            yield break;
        }

        Cell best = cells.MinBy(cell => double.IsNaN(cell.Error.Mean) ? 1 : cell.Error.Mean)!;
        string[] equal = [.. cells.Where(cell => cell != best && IsLevel(cell, best)).Select(cell => cell.Best.Name)];
        yield return $"Conclusion: scaling clearly lowers the error of {gains} of {cells.Count / 2} optimizers, each at its best "
            + $"rate. The lowest error is {best.ErrorText} of {best.Best.Name}"
            + (equal.Length == 0 ? "." : $"; not clearly above it: {string.Join("; ", equal)}.");
    }

    private static bool IsBetter(Cell cell, Cell other) =>
        cell.Error.Mean < other.Error.Mean && Sentence.IsClear(cell.Error, other.Error);

    private static bool IsLevel(Cell cell, Cell best) =>
        !double.IsNaN(cell.Error.Mean) && !Sentence.IsClear(cell.Error, best.Error);

    private static string Compare(Cell plain, Cell scaled) => IsBetter(scaled, plain) ? "scaling helps"
        : IsBetter(plain, scaled) ? "scaling harms"
        : Sentence.NotClear(plain.Error, scaled.Error);
}

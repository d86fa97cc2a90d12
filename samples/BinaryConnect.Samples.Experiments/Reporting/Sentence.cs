namespace BinaryConnect.Samples.Experiments.Reporting;

/// <summary>Words of findings that follow from numbers.</summary>
internal static class Sentence
{
    /// <summary>
    /// Says how a cause moves an accuracy: "X costs 0.2712, from 0.8631 ± 0.0020 to 0.5919 ± 0.0210", or "gains", or
    /// that the difference lies within the spread of runs.
    /// </summary>
    public static string Change(string cause, Spread before, Spread after)
    {
        double change = after.Mean - before.Mean;
        string figures = $"from {before} to {after}";
        if (Math.Abs(change) <= Noise(before, after)) return $"{cause} makes no clear difference: {figures}";
        return $"{cause} {(change < 0 ? "costs" : "gains")} {Math.Abs(change):F4}, {figures}";
    }

    /// <summary>Whether a difference of means is larger than two standard errors of it.</summary>
    public static bool IsClear(Spread first, Spread second) => Math.Abs(first.Mean - second.Mean) > Noise(first, second);

    // Two standard errors of the difference of two means. A single run has none, and every difference counts.
    private static double Noise(Spread first, Spread second) => 2 * Math.Sqrt(
        (first.Deviation * first.Deviation / first.Count) + (second.Deviation * second.Deviation / second.Count));
}

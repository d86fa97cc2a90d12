namespace BinaryConnect.Samples.Experiments.Reporting;

/// <summary>Words of findings that follow from numbers.</summary>
internal static class Sentence
{
    /// <summary>
    /// Says how a cause moves an accuracy: "X costs 0.2712, from 0.8631 ± 0.0020 to 0.5919 ± 0.0210", or "gains", or
    /// that the difference is not clear. A single run shows a change, but not whether it is clear.
    /// </summary>
    public static string Change(string cause, Spread before, Spread after)
    {
        double change = after.Mean - before.Mean;
        string figures = $"from {before} to {after}";
        if (IsSingle(before, after)) return $"{cause} changes it by {change:+0.0000;−0.0000;0}, {figures}, in a single run";
        return IsClear(before, after)
            ? $"{cause} {(change < 0 ? "costs" : "gains")} {Math.Abs(change):F4}, {figures}"
            : $"{cause} makes no clear difference: {figures}";
    }

    /// <summary>
    /// Whether a difference of means is larger than two standard errors of it; never for single runs.
    /// </summary>
    public static bool IsClear(Spread first, Spread second)
    {
        double error = Math.Sqrt(
            (first.Deviation * first.Deviation / first.Count) + (second.Deviation * second.Deviation / second.Count));
        return !IsSingle(first, second) && Math.Abs(first.Mean - second.Mean) > 2 * error;
    }

    /// <summary>Says why a difference is not clear.</summary>
    public static string NotClear(Spread first, Spread second) =>
        IsSingle(first, second) ? "a single run cannot tell" : "no clear difference";

    private static bool IsSingle(Spread first, Spread second) => first.Count == 1 || second.Count == 1;
}

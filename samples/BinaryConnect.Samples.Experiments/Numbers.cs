namespace BinaryConnect.Samples.Experiments;

/// <summary>Figures of pairs of numbers.</summary>
internal static class Numbers
{
    /// <summary>Pearson's correlation; NaN if one of the two does not vary.</summary>
    public static double Correlation(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double meanOfFirst = first.Average(), meanOfSecond = second.Average();
        double product = first.Zip(second).Sum(pair => (pair.First - meanOfFirst) * (pair.Second - meanOfSecond));
        double squares = Squares(first, meanOfFirst) * Squares(second, meanOfSecond);
        return squares > 0 ? product / Math.Sqrt(squares) : double.NaN;
    }

    /// <summary>Spearman's correlation, of ranks; equals have their mean rank.</summary>
    public static double RankCorrelation(IReadOnlyList<double> first, IReadOnlyList<double> second) =>
        Correlation(Ranks(first), Ranks(second));

    private static double[] Ranks(IReadOnlyList<double> numbers) =>
        [.. numbers.Select(x => numbers.Count(other => other < x) + ((numbers.Count(other => other == x) + 1) / 2.0))];

    private static double Squares(IReadOnlyList<double> numbers, double mean) => numbers.Sum(x => (x - mean) * (x - mean));
}

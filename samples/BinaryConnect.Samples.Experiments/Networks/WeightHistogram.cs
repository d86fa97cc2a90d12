namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>The histogram of weights over a symmetric range.</summary>
/// <param name="Largest">The range is ± this.</param>
/// <param name="Shares">The share of weights in each bin, of equal width.</param>
internal sealed record WeightHistogram(double Largest, IReadOnlyList<double> Shares)
{
    /// <summary>The width of a bin.</summary>
    public double BinWidth => 2 * Largest / Shares.Count;

    /// <summary>Counts weights of at most ±<paramref name="largest"/>, which belongs to the outer bins.</summary>
    public static WeightHistogram Of(ReadOnlySpan<float> weights, double largest, int bins)
    {
        int[] counts = new int[bins];
        foreach (float weight in weights)
        {
            int bin = (int)((weight + largest) / (2 * largest) * bins);
            counts[Math.Clamp(bin, 0, bins - 1)]++;
        }

        double count = weights.Length;
        return new WeightHistogram(largest, [.. counts.Select(inBin => inBin / count)]);
    }

    /// <summary>The lower end of a bin.</summary>
    public double From(int bin) => -Largest + (bin * BinWidth);
}

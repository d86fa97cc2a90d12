namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>How many weights are near ±1, and how many near 0.</summary>
/// <param name="AtOne">The share of weights within 0.05 of +1 or −1.</param>
/// <param name="AtZero">The share of weights within 0.05 of 0.</param>
internal sealed record WeightMass(double AtOne, double AtZero)
{
    /// <summary>The distance from ±1, or from 0.</summary>
    public const double Reach = 0.05;

    // Weights in [−1, 1] have two such parts of this share of the range, and the rest between.
    private const double ShareOfRange = Reach, Between = 1 - (2 * Reach);

    // A tenth above its surroundings shows in a histogram.
    private const double Peak = 1.1;

    /// <summary>The density near ±1 over that between ±1 and 0; infinite if there are no weights between.</summary>
    public double DensityAtOne => DensityOf(AtOne);

    /// <summary>The density near 0 over that between ±1 and 0; infinite if there are no weights between.</summary>
    public double DensityAtZero => DensityOf(AtZero);

    /// <summary>The peaks of the histogram, such as "peaks at ±1 and at 0".</summary>
    public string Peaks => (DensityAtOne >= Peak, DensityAtZero >= Peak) switch
    {
        (true, true) => "peaks at ±1 and at 0",
        (true, false) => "a peak at ±1 alone",
        (false, true) => "a peak at 0 alone",
        _ => "no peak at either",
    };

    /// <summary>The shares of these weights.</summary>
    public static WeightMass Of(ReadOnlySpan<float> weights)
    {
        int atOne = 0, atZero = 0;
        foreach (float weight in weights)
        {
            double magnitude = Math.Abs((double)weight);
            if (Math.Abs(magnitude - 1) <= Reach) atOne++;
            if (magnitude <= Reach) atZero++;
        }

        return new WeightMass(atOne / (double)weights.Length, atZero / (double)weights.Length);
    }

    private double DensityOf(double share) => share / ShareOfRange / ((1 - AtOne - AtZero) / Between);
}

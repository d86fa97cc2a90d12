namespace BinaryConnect.Samples.Experiments;

/// <summary>Mean and spread of one figure over runs that differ in their seed.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation over runs, with n − 1; 0 for a single run.</param>
/// <param name="Minimum">The smallest figure.</param>
/// <param name="Maximum">The largest figure.</param>
/// <param name="Count">The number of runs.</param>
internal sealed record Spread(double Mean, double Deviation, double Minimum, double Maximum, int Count)
{
    /// <summary>The spread of these figures, at least one.</summary>
    public static Spread Of(IReadOnlyCollection<double> figures)
    {
        double mean = figures.Average();
        double squares = figures.Sum(figure => (figure - mean) * (figure - mean));
        double deviation = figures.Count > 1 ? Math.Sqrt(squares / (figures.Count - 1)) : 0;
        return new Spread(mean, deviation, figures.Min(), figures.Max(), figures.Count);
    }

    /// <summary>Such as "0.8684 ± 0.0021"; a single run has no spread.</summary>
    public override string ToString() => Count > 1 ? $"{Mean:F4} ± {Deviation:F4}" : $"{Mean:F4}";
}

namespace BinaryConnect.Samples.Experiments.OneBitStudy;

/// <summary>The quartiles of figures.</summary>
/// <param name="Lower">A quarter of the figures are at most this.</param>
/// <param name="Median">Half of them are at most this.</param>
/// <param name="Upper">Three quarters are at most this.</param>
internal sealed record Quartiles(double Lower, double Median, double Upper)
{
    /// <summary>The quartiles of at least one figure, interpolated between the two nearest.</summary>
    public static Quartiles Of(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        return new Quartiles(At(0.25), At(0.5), At(0.75));

        double At(double share)
        {
            double position = share * (sorted.Length - 1);
            int below = (int)position, above = Math.Min(below + 1, sorted.Length - 1);
            return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
        }
    }
}

namespace BinaryConnect.Samples.Experiments.OneBitStudy;

/// <summary>How fast a model predicts.</summary>
/// <param name="Microseconds">The median time of an image.</param>
/// <param name="LeastMicroseconds">The least time of an image.</param>
/// <param name="Ratio">How many times as fast as the first model: quartiles over rounds.</param>
internal sealed record Speed(double Microseconds, double LeastMicroseconds, Quartiles Ratio)
{
    /// <summary>The speed of one of several ways, each of whose calls predicts so many images.</summary>
    public static Speed Of(PairedTimes times, int way, int images) =>
        new(1e6 * times.MedianOf(way) / images, 1e6 * times.LeastOf(way) / images, times.SpeedOf(way));
}

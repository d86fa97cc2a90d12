namespace BinaryConnect.Samples.Experiments.LearningRateStudy;

/// <summary>A cell of the paper's table: an optimizer with or without scaling, at its best rate.</summary>
/// <param name="Best">The rate that is best on the validation set.</param>
/// <param name="Tried">Every rate, and its accuracy on the validation set; NaN if it diverged.</param>
/// <param name="Error">The test error at the best rate, over seeds; NaN if a run diverged.</param>
internal sealed record Cell(Way Best, IReadOnlyList<(float Rate, double Accuracy)> Tried, Spread Error)
{
    /// <summary>The number of rates that come within one percentage point of the best.</summary>
    public int GoodRates => Tried.Count(point => point.Accuracy >= Tried.Max(other => Known(other.Accuracy)) - 0.01);

    /// <summary>Mean and deviation in percent, such as "3.12 ± 0.10 %".</summary>
    public string ErrorText => Error.Count > 1
        ? $"{100 * Error.Mean:F2} ± {100 * Error.Deviation:F2} %"
        : $"{100 * Error.Mean:F2} %";

    /// <summary>Tries each rate with the first seed, and runs the best one with all seeds.</summary>
    public static Cell Of(ExperimentSettings settings, IEnumerable<Way> ways, Data.Mnist data)
    {
        (Way Way, double Accuracy)[] tried =
            [.. ways.Select(way => (way, way.Run(settings, settings.Seeds[0], data.Train, data.Validation)))];
        Way best = tried.MaxBy(point => Known(point.Accuracy)).Way;
        double[] errors = [.. settings.Seeds.Select(seed => 1 - best.Run(settings, seed, data.Train, data.Test))];
        return new Cell(best, [.. tried.Select(point => (point.Way.Rate, point.Accuracy))], Spread.Of(errors));
    }

    private static double Known(double accuracy) => double.IsNaN(accuracy) ? 0 : accuracy;
}

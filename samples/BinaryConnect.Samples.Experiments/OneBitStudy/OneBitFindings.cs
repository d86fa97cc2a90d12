namespace BinaryConnect.Samples.Experiments.OneBitStudy;

/// <summary>What each model saves and costs against the first, in words that follow from the figures.</summary>
internal static class OneBitFindings
{
    /// <summary>A sentence for each model but the first.</summary>
    /// <param name="figures">The figures; the first model is that of floats.</param>
    /// <param name="images">The images of the test set.</param>
    public static IEnumerable<string> Of(IReadOnlyList<ContenderFigures> figures, int images)
    {
        ContenderFigures floats = figures[0];
        foreach (ContenderFigures of in figures.Skip(1))
        {
            yield return $"\"{of.Name}\" takes {(double)floats.FileBytes / of.FileBytes:F0} times fewer bytes than "
                + $"\"{floats.Name}\", predicts one image {of.Alone.Ratio.Median:F1} times as fast and many images "
                + $"{of.Many.Ratio.Median:F1} times as fast, and errs on {of.TestError:P2} of the test images: "
                + $"{Compare(of.TestError, floats.TestError, images)} {floats.TestError:P2}.";
        }
    }

    // A difference counts above two standard errors of the difference of two shares.
    private static string Compare(double own, double first, int images)
    {
        double noise = 2 * Math.Sqrt(((first * (1 - first)) + (own * (1 - own))) / images), gain = own - first;
        return Math.Abs(gain) <= noise ? "neither clearly more nor clearly less than" : gain > 0 ? "more than" : "less than";
    }
}

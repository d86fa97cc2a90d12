namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>The findings of learning curves. They follow from the numbers.</summary>
internal static class CurveFindings
{
    // The images that the validation error is of: those of the paper's split.
    private const double Images = 10_000;

    /// <summary>The run of the least error, the runs that are as good, and the costs of regularizers.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<LearningCurve> curves)
    {
        LearningCurve[] ordered = [.. curves.OrderBy(curve => curve.Best.ValidationError)];
        LearningCurve best = ordered[0];
        yield return $"The least validation error is that of \"{best.Name}\": {best.Best.ValidationError:P2} "
            + $"at epoch {best.Best.Epoch:N0}.";
        LearningCurve[] others = ordered[1..];
        LearningCurve[] close = [.. others.Where(curve => !IsClear(best, curve))], far = [.. others.Except(close)];
        if (close.Length > 0) yield return $"By {Images:N0} images it cannot be told apart from {List(close)}.";
        if (far.Length > 0) yield return $"It is clearly below {List(far)}: by more than two standard errors.";
        LearningCurve? none = curves.FirstOrDefault(curve => curve.Name == Regularizer.None.Name);
        if (none is null || others.Length == 0) yield break;
        IEnumerable<string> costs = curves.Where(curve => curve != none).Select(curve =>
            $"{curve.Last.TrainingCost / none.Last.TrainingCost:G2} times as high with \"{curve.Name}\"");
        yield return $"The training cost of the last epoch of \"{none.Name}\" is {none.Last.TrainingCost:G3}; it is "
            + $"{string.Join(", ", costs)}.";
    }

    private static string List(IEnumerable<LearningCurve> curves) =>
        string.Join(", ", curves.Select(curve => $"\"{curve.Name}\" ({curve.Best.ValidationError:P2})"));

    // Two standard errors of the difference of two shares of images.
    private static bool IsClear(LearningCurve first, LearningCurve second)
    {
        double p = first.Best.ValidationError, q = second.Best.ValidationError;
        return Math.Abs(p - q) > 2 * Math.Sqrt(((p * (1 - p)) + (q * (1 - q))) / Images);
    }
}

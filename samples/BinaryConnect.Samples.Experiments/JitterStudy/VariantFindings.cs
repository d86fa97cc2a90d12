using BinaryConnect.Samples.Experiments.Reporting;

namespace BinaryConnect.Samples.Experiments.JitterStudy;

/// <summary>Sentences about the ways to train, from their numbers.</summary>
internal static class VariantFindings
{
    /// <summary>The sentences.</summary>
    /// <param name="notebook">The notebook's way.</param>
    /// <param name="real">The same with real weights.</param>
    /// <param name="others">Other ways with signs.</param>
    public static IEnumerable<string> Of(VariantResult notebook, VariantResult real, IReadOnlyList<VariantResult> others)
    {
        yield return $"With real weights instead of signs, jitter is {real.Jitter} against {notebook.Jitter}: "
            + $"{Cause(notebook, real)}.";
        foreach (VariantResult other in others)
        {
            yield return $"{other.Name}: jitter {other.Jitter} against {notebook.Jitter} of the notebook's way, "
                + $"{Compare(notebook, other)}; {other.Flips.Mean:F1} flips a step, accuracy at the end {other.FinalAccuracy}.";
        }

        if (notebook.Jitter.Count == 1)
        {
            yield return "Conclusion: none. A single run of each way cannot rank them.";
            yield break;
        }

        yield return $"Conclusion: {Rank(notebook, real, others)}";
        yield return Order([notebook, .. others]);
    }

    private static string Cause(VariantResult notebook, VariantResult real) =>
        !Sentence.IsClear(notebook.Jitter, real.Jitter) ? Sentence.NotClear(notebook.Jitter, real.Jitter)
        : real.Jitter.Mean < notebook.Jitter.Mean / 2 ? "binarization causes most of the jitter"
        : real.Jitter.Mean < notebook.Jitter.Mean ? "binarization causes a part of the jitter"
        : "binarization is not what causes the jitter";

    private static string Compare(VariantResult notebook, VariantResult other) =>
        !Sentence.IsClear(notebook.Jitter, other.Jitter) ? Sentence.NotClear(notebook.Jitter, other.Jitter)
        : other.Jitter.Mean < notebook.Jitter.Mean ? $"{notebook.Jitter.Mean / other.Jitter.Mean:F1} times less"
        : $"{other.Jitter.Mean / notebook.Jitter.Mean:F1} times as much";

    // A way that barely learns barely jitters. So only ways that end as well as the notebook's count.
    private static string Rank(VariantResult notebook, VariantResult real, IReadOnlyList<VariantResult> others)
    {
        VariantResult[] calmer = [.. others.Where(other =>
            other.Jitter.Mean < notebook.Jitter.Mean && Sentence.IsClear(other.Jitter, notebook.Jitter))];
        if (calmer.Length == 0) return "no other way with signs jitters clearly less than the notebook's.";
        VariantResult? best = calmer
            .Where(other => other.FinalAccuracy.Mean >= notebook.FinalAccuracy.Mean).MinBy(other => other.Jitter.Mean);
        string count = $"{calmer.Length} of {others.Count} other ways with signs jitter clearly less than the notebook's";
        return best is null
            ? $"{count}, and all of these end at a lower accuracy after as many steps."
            : $"{count}. The calmest that ends at no lower accuracy is {best.Name}, with "
                + $"{best.Jitter.Mean / real.Jitter.Mean:F1} times the jitter of real weights.";
    }

    private static string Order(VariantResult[] signs)
    {
        double together = Numbers.RankCorrelation(
            [.. signs.Select(way => way.Flips.Mean)], [.. signs.Select(way => way.Jitter.Mean)]);
        string order = together >= 0.5 ? "ways with fewer flips a step tend to jitter less"
            : together <= -0.5 ? "ways with fewer flips a step tend to jitter more"
            : "the number of flips a step does not order the ways by jitter";
        return $"Over the {signs.Length} ways with signs, {order} (rank correlation {together:F2}).";
    }
}

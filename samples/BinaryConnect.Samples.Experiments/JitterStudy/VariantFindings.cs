using BinaryConnect.Samples.Experiments.Reporting;

namespace BinaryConnect.Samples.Experiments.JitterStudy;

/// <summary>Sentences about the ways to train, from their numbers.</summary>
internal static class VariantFindings
{
    /// <summary>The sentences; the first runs are those of the notebook's way.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<VariantRuns> variants)
    {
        VariantRuns notebook = variants[0];
        VariantRuns real = variants.Single(variant => variant.Name == Variant.Real.Name);
        VariantRuns[] binary = [.. variants.Where(variant => variant != notebook && variant != real)];
        yield return $"With real weights instead of signs, jitter is {real.Jitter} against {notebook.Jitter}: "
            + Compare(notebook, real, "binarization causes most of the jitter", "binarization is not what causes the jitter");
        foreach (VariantRuns variant in binary)
        {
            yield return $"{variant.Name}: jitter {variant.Jitter} against {notebook.Jitter} of the notebook's way, "
                + $"{Less(notebook, variant)}; {variant.Flips.Mean:F1} flips a step, "
                + $"accuracy at the end {variant.FinalAccuracy}.";
        }

        VariantRuns[] signs = [notebook, .. binary];
        double together = Numbers.RankCorrelation(
            [.. signs.Select(variant => variant.Flips.Mean)], [.. signs.Select(variant => variant.Jitter.Mean)]);
        yield return Conclude(notebook, binary, together);
    }

    private static string Compare(VariantRuns notebook, VariantRuns real, string most, string not) =>
        !Sentence.IsClear(notebook.Jitter, real.Jitter) ? "the difference is within the spread of runs."
        : real.Jitter.Mean < notebook.Jitter.Mean / 2 ? $"{most}."
        : real.Jitter.Mean < notebook.Jitter.Mean ? "binarization causes a part of the jitter."
        : $"{not}.";

    private static string Less(VariantRuns notebook, VariantRuns variant) =>
        !Sentence.IsClear(notebook.Jitter, variant.Jitter) ? "no clear difference"
        : variant.Jitter.Mean < notebook.Jitter.Mean ? $"{notebook.Jitter.Mean / variant.Jitter.Mean:F1} times less"
        : $"{variant.Jitter.Mean / notebook.Jitter.Mean:F1} times more";

    private static string Conclude(VariantRuns notebook, VariantRuns[] others, double together)
    {
        VariantRuns[] calmer = [.. others.Where(variant =>
            variant.Jitter.Mean < notebook.Jitter.Mean && Sentence.IsClear(variant.Jitter, notebook.Jitter))];
        VariantRuns[] better = [.. calmer.Where(variant => variant.FinalAccuracy.Mean >= notebook.FinalAccuracy.Mean)];
        string calm = calmer.Length == 0
            ? "No other way to train jitters clearly less."
            : $"{calmer.Length} of {others.Length} other ways jitter clearly less, "
                + (better.Length == 0
                    ? "and all of them end at a lower accuracy after as many steps."
                    : $"of which {better.Length} end at an accuracy at least as high: "
                        + $"{string.Join("; ", better.Select(way => way.Name))}.");
        string flips = together >= 0.5 ? "Ways with fewer flips a step jitter less"
            : together <= -0.5 ? "Ways with fewer flips a step jitter more"
            : "The number of flips alone does not order the ways by jitter";
        return $"Conclusion: {calm} {flips} (rank correlation {together:F2} over {others.Length + 1} ways with signs).";
    }
}

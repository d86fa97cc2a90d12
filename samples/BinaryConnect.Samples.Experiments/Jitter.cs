using BinaryConnect.Samples.Experiments.JitterStudy;
using BinaryConnect.Samples.Experiments.Reporting;

namespace BinaryConnect.Samples.Experiments;

/// <summary>The notebook's question: why accuracy falls from one step to the next.</summary>
internal sealed class Jitter : IExperiment
{
    public string Name => "jitter";

    public string Question =>
        "Why does accuracy jump from step to step: is it the optimizer, the rate, or the signs that flip?";

    public Report Run(ExperimentSettings settings)
    {
        var data = Data.Mnist.Load(settings.DataFolder);
        Variant[] variants = [Variant.Notebook, Variant.Real, .. Variant.Others];
        JitterRun[][] runs = [.. variants.Select(variant => settings.Seeds.Select(seed => JitterRun.Of(
            settings, $"{variant.Name}, seed {seed}", variant.Options(seed), variant.Model(data.Train, seed), data)).ToArray())];
        VariantResult[] results = [.. variants.Zip(runs, (variant, ofSeeds) => VariantResult.Of(variant.Name, ofSeeds))];
        JitterRun first = runs[0][0];
        int firstSeed = settings.Seeds[0];
        DropCauses causes = DropCauses.Of(
            first.Drop, Variant.Notebook.Model(data.Train, firstSeed), Variant.Notebook.Options(firstSeed), data.Test);
        return new Report(
            "Jitter of the accuracy",
            $"Softmax regression on MNIST as in the notebook: pixels in [0, 1], weights in [0, 1), biases 1, batches of 128, "
            + $"{first.Report.Steps.Count:N0} steps. After each step the signs of the updated weights are tested on 10,000 "
            + $"images. Steps from {first.FirstStep:N0} on count. Jitter is the mean of |change of accuracy| by a step. "
            + $"The step of the largest fall, its pictures and its weights are those of seed {firstSeed}.")
        {
            Findings =
            [
                .. DropFindings.Of(first, causes),
                .. VariantFindings.Of(notebook: results[0], real: results[1], results[2..]),
            ],
            Tables =
            [
                JitterTables.Around(first), JitterTables.Drops(settings.Seeds, runs[0]), JitterTables.Variants(results),
                JitterTables.Flipped(first.Drop), JitterTables.Steps(settings.Seeds, variants, runs),
                JitterTables.Changes(first.Drop),
            ],
            Pictures =
            [
                JitterPictures.Steps(first), JitterPictures.Images(first.Drop), JitterPictures.Matrix(first.Drop),
                JitterPictures.Variants(results), JitterPictures.Accuracies([.. BestOf(variants, runs)], firstSeed),
            ],
        };
    }

    // The notebook's way, real weights, and the two others that end best.
    private static IEnumerable<(string Name, JitterRun Run)> BestOf(Variant[] variants, JitterRun[][] runs)
    {
        (string Name, JitterRun Run)[] ways = [.. variants.Zip(runs, (variant, ofSeeds) => (variant.Name, ofSeeds[0]))];
        return [.. ways[..2], .. ways[2..].OrderByDescending(way => way.Run.Accuracies[^1]).Take(2)];
    }
}

using BinaryConnect.Samples.Experiments.Reporting;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.JitterStudy;

/// <summary>The tables of the study.</summary>
internal static class JitterTables
{
    private const int Around3 = 3, ImageWidth = 28;

    /// <summary>The steps around the largest fall.</summary>
    public static Table Around(JitterRun run)
    {
        var table = new Table(
            "around-the-fall",
            "The steps around the largest fall of accuracy, SGD, α = 0.1",
            new Column("step", "step"),
            new Column("loss", "batch loss", "F3"),
            new Column("accuracy", "accuracy", "F4"),
            new Column("accuracy_change", "change", "+0.0000;-0.0000;0"),
            new Column("sign_flips", "flips"),
            new Column("weight_change", "‖Δw‖₁", "F2"));
        int last = Math.Min(run.Drop.Step + Around3, run.Report.Steps.Count);
        for (int step = Math.Max(2, run.Drop.Step - Around3); step <= last; step++)
        {
            StepResult result = run.Report.Steps[step - 1];
            double accuracy = run.Accuracies[step - 1];
            table.Add(step, result.Loss, accuracy, accuracy - run.Accuracies[step - 2], result.SignFlips, result.WeightChange);
        }

        return table;
    }

    /// <summary>The largest fall of each seed.</summary>
    public static Table Drops(IReadOnlyList<int> seeds, IReadOnlyList<JitterRun> runs)
    {
        var table = new Table(
            "largest-falls",
            "The largest fall of each seed, SGD, α = 0.1; \"near 0\" is |w| < 0.01 before the step",
            new Column("seed", "seed"),
            new Column("step", "step"),
            new Column("accuracy_before", "before", "F4"),
            new Column("accuracy_after", "after", "F4"),
            new Column("sign_flips", "flips"),
            new Column("flips_near_zero", "flips near 0"),
            new Column("weights_near_zero", "weights near 0"),
            new Column("weight_change", "‖Δw‖₁", "F2"));
        foreach ((int seed, JitterRun run) in seeds.Zip(runs))
        {
            JitterDrop drop = run.Drop;
            table.Add(
                seed, drop.Step, drop.Before.Accuracy, drop.After.Accuracy, drop.Result.SignFlips, drop.FlippedNearZero,
                drop.NearZero, drop.Result.WeightChange);
        }

        return table;
    }

    /// <summary>The ways to train, with means over seeds.</summary>
    public static Table Variants(IReadOnlyList<VariantResult> variants)
    {
        var table = new Table(
            "variants",
            "Ways to train: mean over seeds, and ± one standard deviation",
            new Column("variant", "way"),
            new Column("jitter", "jitter", "F4"),
            new Column("jitter_deviation", "±", "F4"),
            new Column("largest_fall", "largest fall", "F4"),
            new Column("flips", "flips", "F1"),
            new Column("weight_change", "‖Δw‖₁", "F2"),
            new Column("final_accuracy", "at end", "F4"));
        foreach (VariantResult variant in variants)
        {
            table.Add(
                variant.Name, variant.Jitter.Mean, variant.Jitter.Deviation, variant.LargestFall.Mean, variant.Flips.Mean,
                variant.WeightChange.Mean, variant.FinalAccuracy.Mean);
        }

        return table;
    }

    /// <summary>Every weight whose sign flipped in the largest fall.</summary>
    public static Table Flipped(JitterDrop drop)
    {
        var table = new Table(
            "flipped",
            "The weights that flipped in the largest fall",
            new Column("class", "class"),
            new Column("pixel_row", "pixel row"),
            new Column("pixel_column", "pixel column"),
            new Column("before", "w before"),
            new Column("after", "w after"))
        {
            IsShown = false,
        };
        int features = drop.Before.Weights.Length / drop.Before.Bias.Length;
        foreach (int i in drop.Flipped)
        {
            (int row, int column) = Math.DivRem(i % features, ImageWidth);
            table.Add(i / features, row, column, drop.Before.Weights[i], drop.After.Weights[i]);
        }

        return table;
    }

    /// <summary>Δw of every weight in the largest fall.</summary>
    public static Table Changes(JitterDrop drop)
    {
        int classes = drop.Before.Bias.Length, features = drop.Before.Weights.Length / classes;
        var table = new Table(
            "weight-changes",
            "Δw of the largest fall, a row for each pixel",
            [
                new Column("pixel", "pixel"),
                .. Enumerable.Range(0, classes).Select(label => new Column($"class_{label}", $"class {label}")),
            ])
        {
            IsShown = false,
        };
        double[] changes = drop.Changes;
        for (int pixel = 0; pixel < features; pixel++)
        {
            var cells = new object?[classes + 1];
            cells[0] = pixel;
            for (int label = 0; label < classes; label++) cells[label + 1] = changes[(label * features) + pixel];
            table.Add(cells);
        }

        return table;
    }

    /// <summary>Every step of every run.</summary>
    public static Table Steps(
        IReadOnlyList<int> seeds, IReadOnlyList<Variant> variants, IReadOnlyList<IReadOnlyList<JitterRun>> runs)
    {
        var table = new Table(
            "steps",
            "Every step of every run",
            new Column("variant", "way"),
            new Column("seed", "seed"),
            new Column("step", "step"),
            new Column("loss", "batch loss"),
            new Column("accuracy", "accuracy"),
            new Column("sign_flips", "flips"),
            new Column("weight_change", "‖Δw‖₁"))
        {
            IsShown = false,
        };
        foreach ((Variant variant, IReadOnlyList<JitterRun> ofSeeds) in variants.Zip(runs))
        {
            foreach ((int seed, JitterRun run) in seeds.Zip(ofSeeds))
            {
                for (int i = 0; i < run.Report.Steps.Count; i++)
                {
                    StepResult step = run.Report.Steps[i];
                    table.Add(variant.Name, seed, i + 1, step.Loss, run.Accuracies[i], step.SignFlips, step.WeightChange);
                }
            }
        }

        return table;
    }
}

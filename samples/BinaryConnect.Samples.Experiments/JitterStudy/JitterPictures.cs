using BinaryConnect.Samples.Experiments.Plots;
using BinaryConnect.Samples.Experiments.Reporting;
using ScottPlot;
using ScottPlot.Plottables;

namespace BinaryConnect.Samples.Experiments.JitterStudy;

/// <summary>The pictures of the study.</summary>
internal static class JitterPictures
{
    private const int ImageWidth = 28, ImagesInRow = 5;
    private const string FlippedName = "sign flipped", ChangeName = "Δw (no unit)";

    /// <summary>Accuracy and flips of each step, one above the other.</summary>
    public static Picture Steps(JitterRun run)
    {
        double[] steps = [.. Enumerable.Range(1, run.Accuracies.Length).Select(step => (double)step)];
        Plot accuracy = PictureStyle.Create("Accuracy and flipped signs, SGD, α = 0.1", "step", "test accuracy (share)");
        Charts.AddLine(accuracy, steps, run.Accuracies, "test accuracy of the signs", color: 0);
        Plot flips = PictureStyle.Create("", "step", "flipped signs (of 7,840)");
        double[] flipped = [.. run.Report.Steps.Select(step => (double)step.SignFlips)];
        Charts.AddLine(flips, steps, flipped, "flipped signs of the step", color: 3);
        foreach (Plot plot in (Plot[])[accuracy, flips])
        {
            VerticalLine mark = plot.Add.VerticalLine(run.Drop.Step, 1.5f, PictureStyle.Colors[1], LinePattern.Dashed);
            mark.LegendText = $"largest fall from step {run.FirstStep:N0} on: step {run.Drop.Step:N0}";
            plot.Axes.SetLimitsX(0, steps.Length + 1);
            plot.Axes.Left.MinimumSize = 60;
        }

        accuracy.Axes.SetLimitsY(0, 1);
        accuracy.ShowLegend(Alignment.LowerRight);
        flips.Axes.SetLimitsY(0, 1.5 * flipped.Max());
        flips.ShowLegend(Alignment.UpperRight);
        return Picture.Of(
            "steps",
            "Test accuracy and number of flipped signs of each step. The dashed line marks the largest fall of accuracy.",
            [accuracy, flips],
            new ScottPlot.MultiplotLayouts.Rows(),
            height: 640);
    }

    /// <summary>The accuracy of several ways by step, for one seed.</summary>
    /// <param name="ways">The name and the run of each.</param>
    /// <param name="seed">The seed of the runs.</param>
    public static Picture Accuracies(IReadOnlyList<(string Name, JitterRun Run)> ways, int seed)
    {
        Plot plot = PictureStyle.Create("Accuracy by the way to train", "step", "test accuracy (share)");
        for (int i = 0; i < ways.Count; i++)
        {
            double[] accuracies = ways[i].Run.Accuracies;
            double[] steps = [.. Enumerable.Range(1, accuracies.Length).Select(step => (double)step)];
            Charts.AddLine(plot, steps, accuracies, ways[i].Name, color: i);
        }

        plot.Axes.SetLimits(0, ways[0].Run.Accuracies.Length + 1, 0, 1);
        plot.ShowLegend(Alignment.LowerRight);
        return Picture.Of(
            "accuracies",
            "Test accuracy by step: the notebook's way, real weights, and the two other ways with signs that end best. "
            + $"Seed {seed}.",
            plot);
    }

    /// <summary>Δw as an image for each class.</summary>
    public static Picture Images(JitterDrop drop)
    {
        int classes = drop.Before.Bias.Length, features = drop.Before.Weights.Length / classes;
        double[] changes = drop.Changes;
        (string Name, double[] Pixels)[] images = [.. Enumerable.Range(0, classes).Select(
            label => ($"class {label}", changes[(label * features)..((label + 1) * features)]))];
        int held = drop.Before.Weights.Zip(drop.After.Weights).Count(pair =>
            pair.First == pair.Second && MathF.Abs(pair.First) == 1);
        Plot plot = HeatMaps.Images(
            $"Δw of step {drop.Step:N0}, an image for each class",
            ChangeName,
            images,
            ImageWidth,
            ImagesInRow,
            [.. drop.Flipped.Select(i => (i / features, i % features))],
            FlippedName);
        return Picture.Of(
            "weight-changes-images",
            "Δw in the step of the largest fall, as ten images of 28 × 28 weights. Circles mark weights whose sign flipped. The "
            + $"clip holds {held:N0} weights at 1 or −1; they stay white in the midst of colour.",
            plot,
            height: 430);
    }

    /// <summary>Δw as one matrix, pixels by classes.</summary>
    public static Picture Matrix(JitterDrop drop)
    {
        int classes = drop.Before.Bias.Length, features = drop.Before.Weights.Length / classes;
        double[] changes = drop.Changes;
        var values = new double[features, classes];
        for (int i = 0; i < changes.Length; i++) values[i % features, i / features] = changes[i];
        Plot plot = HeatMaps.Matrix(
            $"Δw of step {drop.Step:N0}",
            ("class", "pixel, row by row from the top left", ChangeName),
            values,
            [.. drop.Flipped.Select(i => (i % features, i / features))],
            FlippedName);
        return Picture.Of(
            "weight-changes",
            "The same Δw as a matrix of 784 pixels by 10 classes, as in the notebook. Circles mark weights whose sign flipped.",
            plot,
            height: 900);
    }

    /// <summary>The jitter of each way to train.</summary>
    public static Picture Variants(IReadOnlyList<VariantResult> variants) => Picture.Of(
        "variants",
        "Jitter of each way to train. Lines show ± one standard deviation over seeds.",
        Charts.Bars(
            "Jitter by the way to train",
            "mean |change of accuracy| by a step (share)",
            [.. variants.Select((variant, i) => (variant.Name, variant.Jitter, i == 0 ? 1 : 0))]));
}

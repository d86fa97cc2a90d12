using BinaryConnect.Samples.Experiments.Networks;
using BinaryConnect.Samples.Experiments.Plots;
using BinaryConnect.Samples.Experiments.Reporting;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace BinaryConnect.Samples.Experiments;

/// <summary>The paper's training cost and validation error of each epoch, on MNIST here.</summary>
internal sealed class Curves : IExperiment
{
    public string Name => "curves";

    public string Question => "How do training cost and validation error fall under each regularizer?";

    public IReadOnlyList<string> Options => NetworkSettings.RunAndFileOptions;

    public IReadOnlyList<int> Seeds => [1];

    public Report Run(ExperimentSettings settings)
    {
        (IReadOnlyList<LearningCurve> curves, string origin) = CurvesOf(settings);
        var best = new Table(
            "best",
            "Each run, with the errors at its best epoch",
            new Column("run", "run"),
            new Column("epochs", "epochs"),
            new Column("last_cost", "last cost", "G3"),
            new Column("best_epoch", "best"),
            new Column("validation_error", "validation", "P2"),
            new Column("test_error", "test", "P2"));
        var epochs = new Table(
            "epochs",
            "Each epoch",
            new Column("run", "run"),
            new Column("epoch", "epoch"),
            new Column("training_cost", "training cost"),
            new Column("validation_error", "validation error"))
        {
            IsShown = false,
        };
        foreach (LearningCurve curve in curves)
        {
            best.Add(
                curve.Name, curve.Epochs.Count, curve.Last.TrainingCost, curve.Best.Epoch, curve.Best.ValidationError,
                curve.TestError);
            foreach (EpochPoint epoch in curve.Epochs)
                epochs.Add(curve.Name, epoch.Epoch, epoch.TrainingCost, epoch.ValidationError);
        }

        return new Report(
            "Training cost and validation error",
            $"{origin} The training cost of an epoch is the mean squared hinge loss of its batches, each before its update: "
            + "with random signs or dropout where the run has them. Binary weights are tested for \"deterministic\", real ones "
            + "for the others.")
        {
            Findings = [.. CurveFindings.Of(curves)],
            Tables = [best, epochs],
            Pictures = [Draw(curves)],
        };
    }

    private static (IReadOnlyList<LearningCurve> Curves, string Origin) CurvesOf(ExperimentSettings settings)
    {
        if (settings.Network.Files.Count > 0)
            return (SavedRuns.Curves(settings.Network.Files), FirstLayers.OriginOf(settings.Network.Files));
        var runs = new NetworkRuns(settings, NetworkSize.Narrow);
        return ([.. runs.TrainAll().Select(LearningCurve.Of)], runs.Description);
    }

    private static Picture Draw(IReadOnlyList<LearningCurve> curves)
    {
        Plot cost = PictureStyle.Create("Training cost", "epoch", "squared hinge loss, log scale");
        Plot error = PictureStyle.Create("Validation error", "epoch", "% of validation images");
        List<string> groups = [];
        foreach (LearningCurve curve in curves)
        {
            bool isFirst = !groups.Contains(curve.Group);
            if (isFirst) groups.Add(curve.Group);
            int color = groups.IndexOf(curve.Group);
            string name = isFirst ? curve.Group : "";
            double[] x = [.. curve.Epochs.Select(epoch => (double)epoch.Epoch)];
            Charts.AddLogLine(cost, x, [.. curve.Epochs.Select(epoch => epoch.TrainingCost)], name, color);
            double[] errors = [.. curve.Epochs.Select(epoch => 100 * epoch.ValidationError)];
            Charts.AddLine(error, x, errors, name, color, PictureStyle.Patterns[color % PictureStyle.Patterns.Count]);
        }

        Charts.UseLogTicks(cost);
        error.Axes.Left.MinimumSize = cost.Axes.Left.MinimumSize;
        int last = curves.Max(curve => curve.Last.Epoch);
        foreach (Plot plot in (Plot[])[cost, error])
        {
            plot.Axes.SetLimitsX(0, last + 1);
            ((NumericAutomatic)plot.Axes.Bottom.TickGenerator).IntegerTicksOnly = true;
            plot.ShowLegend(Edge.Right);
        }

        return Picture.Of(
            "curves",
            "Training cost and validation error of each epoch.",
            [cost, error],
            new ScottPlot.MultiplotLayouts.Rows(),
            height: 760);
    }
}

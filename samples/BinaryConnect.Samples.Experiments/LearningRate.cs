using BinaryConnect.Samples.Experiments.LearningRateStudy;
using BinaryConnect.Samples.Experiments.Plots;
using BinaryConnect.Samples.Experiments.Reporting;
using ScottPlot;
using ScottPlot.Plottables;

namespace BinaryConnect.Samples.Experiments;

/// <summary>The paper's Table 1, on a small network: scaling of the learning rate, by optimizer.</summary>
internal sealed class LearningRate : IExperiment
{
    public string Name => "learning-rate";

    public string Question => "What does scaling the learning rate by Glorot's coefficient gain, by optimizer?";

    public Report Run(ExperimentSettings settings)
    {
        // Pixels in [−1, 1], as in the paper.
        var data = Data.Mnist.Load(settings.DataFolder, scale: 2f / 255, shift: -1);
        Cell[] cells = [.. Way.All.GroupBy(way => way.Name).Select(ways => Cell.Of(settings, ways, data))];
        return new Report(
            "Scaling of the learning rate",
            $"A network 784-{Way.HiddenUnits}-{Way.HiddenUnits}-10 with batch normalization, squared hinge loss and "
            + $"deterministic signs, on MNIST. Latent weights start in [−1, 1]. Batches have {Way.BatchSize} images, and "
            + $"{settings.StepsOf(Way.Steps):N0} steps have a rate that falls to 0 along a cosine. Each rate is tried with seed "
            + $"{settings.Seeds[0]}; the best one on the 5,000 validation images then runs with all seeds. Errors are those of "
            + "the signs on the 10,000 test images. Scaling divides the rate of weights by c with Adam, and by c² with SGD and "
            + "Nesterov momentum, where c = √(1.5/(fan in + fan out)). The paper's Table 1 has the same rows and columns, for "
            + "a convolutional network on CIFAR-10.")
        {
            Findings = [.. CellFindings.Of(cells)],
            Tables = [ErrorTable(cells), RateTable(cells)],
            Pictures = [DrawRates(cells), DrawErrors(cells)],
        };
    }

    private static Table ErrorTable(IEnumerable<Cell> cells)
    {
        var table = new Table(
            "errors",
            "Test error of the signs at the best rate, in percent, over seeds",
            new Column("optimizer", "optimizer"),
            new Column("is_scaled", "scaled"),
            new Column("best_rate", "best rate", "G3"),
            new Column("error_percent", "error, %", "F2"),
            new Column("deviation_percent", "±", "F2"),
            new Column("good_rates", "good rates"),
            new Column("runs", "runs"));
        foreach (Cell cell in cells)
        {
            Way best = cell.Best;
            table.Add(
                best.Optimizer, best.IsScaled, best.Rate, 100 * cell.Error.Mean, 100 * cell.Error.Deviation, cell.GoodRates,
                cell.Error.Count);
        }

        return table;
    }

    private static Table RateTable(IEnumerable<Cell> cells)
    {
        var table = new Table(
            "rates",
            "Accuracy on the validation set at every rate; none where training diverged",
            new Column("optimizer", "optimizer"),
            new Column("is_scaled", "scaled"),
            new Column("rate", "rate"),
            new Column("validation_accuracy", "accuracy"))
        {
            IsShown = false,
        };
        foreach (Cell cell in cells)
        {
            foreach ((float rate, double accuracy) in cell.Tried)
                table.Add(cell.Best.Optimizer, cell.Best.IsScaled, rate, accuracy);
        }

        return table;
    }

    private static Picture DrawRates(Cell[] cells)
    {
        Plot plot = PictureStyle.Create(
            "Accuracy by learning rate", "learning rate at the start (logarithmic)", "validation accuracy (share)");
        for (int i = 0; i < cells.Length; i++)
        {
            (float Rate, double Accuracy)[] points = [.. cells[i].Tried.Where(point => !double.IsNaN(point.Accuracy))];
            if (points.Length == 0) continue;
            Scatter line = Charts.AddLine(
                plot,
                [.. points.Select(point => Math.Log10(point.Rate))],
                [.. points.Select(point => point.Accuracy)],
                cells[i].Best.Name,
                color: i / 2,
                cells[i].Best.IsScaled ? LinePattern.Solid : LinePattern.Dashed);
            line.MarkerShape = cells[i].Best.IsScaled ? MarkerShape.FilledCircle : MarkerShape.OpenCircle;
            line.MarkerSize = 7;
        }

        float[] decades = [.. Way.Rates.Where((_, i) => i % 2 == 0)];
        plot.Axes.Bottom.SetTicks([.. decades.Select(rate => Math.Log10(rate))], [.. decades.Select(rate => $"{rate:0.####}")]);
        plot.Axes.SetLimits(Math.Log10(Way.Rates[0]) - 0.2, Math.Log10(Way.Rates[^1]) + 0.2, 0, 1.02);
        plot.ShowLegend(Edge.Right);
        return Picture.Of(
            "rates",
            "Validation accuracy by learning rate, with scaling (solid) and without (dashed). A line ends where training "
            + "diverged.",
            plot);
    }

    private static Picture DrawErrors(Cell[] cells) => Picture.Of(
        "errors",
        "Test error at the best rate of each. Lines show ± one standard deviation over seeds.",
        Charts.Bars(
            "Test error at the best rate",
            "test error (share of the test images)",
            [.. cells.Where(cell => !double.IsNaN(cell.Error.Mean)).Select(cell =>
                (cell.Best.Name, cell.Error, cell.Best.IsScaled ? 0 : 1))]),
        height: 380);
}

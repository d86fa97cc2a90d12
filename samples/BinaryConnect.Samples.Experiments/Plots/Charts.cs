using System.Globalization;
using BinaryConnect.Samples.Experiments.Networks;
using ScottPlot;
using ScottPlot.Plottables;

namespace BinaryConnect.Samples.Experiments.Plots;

/// <summary>The kinds of charts that several experiments draw.</summary>
internal static class Charts
{
    private static readonly MarkerShape[] Shapes =
        [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond];

    /// <summary>A horizontal bar for each name, from top to bottom, with its standard deviation and figure.</summary>
    /// <param name="title">The title.</param>
    /// <param name="xLabel">What the bars measure, and its unit.</param>
    /// <param name="bars">Name, figure, and index of the colour.</param>
    /// <param name="format">The format of figures without a spread.</param>
    public static Plot Bars(
        string title, string xLabel, IReadOnlyList<(string Name, Spread Figure, int Color)> bars, string format = "F4")
    {
        Plot plot = PictureStyle.Create(title, xLabel);
        for (int i = 0; i < bars.Count; i++)
        {
            (_, Spread figure, int color) = bars[i];
            int position = bars.Count - 1 - i;
            Bar bar = plot.Add.Bar(position, figure.Mean).Bars[0];
            bar.Orientation = Orientation.Horizontal;
            bar.FillColor = PictureStyle.Colors[color];
            bar.LineWidth = 0;
            bar.Size = 0.6;
            LinePlot spread = plot.Add.Line(
                figure.Mean - figure.Deviation, position, figure.Mean + figure.Deviation, position);
            spread.Color = ScottPlot.Colors.Black;
            spread.LineWidth = 2;
            string text = figure.Count > 1 ? figure.ToString() : figure.Mean.ToString(format, CultureInfo.InvariantCulture);
            Text label = plot.Add.Text(text, figure.Mean + figure.Deviation, position);
            label.LabelAlignment = Alignment.MiddleLeft;
            label.LabelFontSize = 13;
            label.OffsetX = 8;
        }

        double[] positions = [.. Enumerable.Range(0, bars.Count).Select(i => (double)(bars.Count - 1 - i))];
        plot.Axes.Left.SetTicks(positions, [.. bars.Select(bar => bar.Name)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        double largest = bars.Max(bar => bar.Figure.Mean + bar.Figure.Deviation);
        plot.Axes.SetLimits(0, largest * 1.4, -0.6, bars.Count - 0.4);

        // The room of the last figure has no ticks: an accuracy above 1 means nothing.
        double step = NiceStep(largest);
        double[] ticks = [.. Enumerable.Range(0, 1 + (int)(largest * 1.1 / step)).Select(i => i * step)];
        plot.Axes.Bottom.SetTicks(ticks, [.. ticks.Select(tick => $"{tick:#,0.#####}")]);
        plot.HideGrid();
        return plot;
    }

    /// <summary>Adds a line with a name in the legend. A pattern suits lines that do not jump.</summary>
    public static Scatter AddLine(Plot plot, double[] x, double[] y, string name, int color, LinePattern? pattern = null)
    {
        Scatter line = plot.Add.ScatterLine(x, y);
        line.Color = PictureStyle.Colors[color % PictureStyle.Colors.Count];
        line.LinePattern = pattern ?? LinePattern.Solid;
        line.LineWidth = 2;
        line.LegendText = name;
        return line;
    }

    /// <summary>Adds a line of means with a marker at each and a bar of ± one standard deviation.</summary>
    public static void AddSpreadLine(Plot plot, double[] x, IReadOnlyList<Spread> y, string name, int color)
    {
        double[] means = [.. y.Select(figure => figure.Mean)];
        Scatter line = AddLine(plot, x, means, name, color);
        line.MarkerShape = Shapes[color % Shapes.Length];
        line.MarkerSize = 8;
        line.MarkerColor = line.Color;
        ErrorBar spread = new(
            [.. x], means, null, null, [.. y.Select(figure => figure.Deviation)], [.. y.Select(figure => figure.Deviation)])
        {
            Color = line.Color,
            LineWidth = 1.5f,
        };
        plot.Add.Plottable(spread);
    }

    /// <summary>Adds a marker at each mean, with a bar of ± one standard deviation along x.</summary>
    public static void AddSpreadMarkers(Plot plot, IReadOnlyList<Spread> x, double[] y, string name, int color)
    {
        double[] means = [.. x.Select(figure => figure.Mean)], deviations = [.. x.Select(figure => figure.Deviation)];
        Markers markers = plot.Add.Markers(means, y, Shapes[color % Shapes.Length], size: 9, PictureStyle.Colors[color]);
        markers.LegendText = name;
        plot.Add.Plottable(new ErrorBar(means, y, deviations, deviations, null, null)
        {
            Color = PictureStyle.Colors[color],
            LineWidth = 1.5f,
        });
    }

    /// <summary>Adds a line of the logarithms of its figures, without those of at most 0.</summary>
    public static void AddLogLine(Plot plot, double[] x, double[] y, string name, int color)
    {
        (double X, double Y)[] points = [.. x.Zip(y).Where(point => point.Second > 0)];
        AddLine(
            plot,
            [.. points.Select(point => point.X)],
            [.. points.Select(point => Math.Log10(point.Y))],
            name,
            color,
            PictureStyle.Patterns[color % PictureStyle.Patterns.Count]);
    }

    /// <summary>Labels the left axis, whose positions are logarithms, with 1, 2 and 5 times powers of ten.</summary>
    public static void UseLogTicks(Plot plot)
    {
        double[] figures = [.. Enumerable.Range(-6, 12).SelectMany(power => (double[])[1, 2, 5], (power, digit) =>
            digit * Math.Pow(10, power))];
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. figures.Select(Math.Log10)], [.. figures.Select(figure => $"{figure:0.######}")]);
        plot.Axes.Left.MinimumSize = 80;
    }

    /// <summary>A histogram as bars of the share of each bin.</summary>
    public static Plot Histogram(string title, string xLabel, WeightHistogram histogram, int color)
    {
        Plot plot = PictureStyle.Create(title, xLabel, "share of weights (%)");
        for (int i = 0; i < histogram.Shares.Count; i++)
        {
            Bar bar = plot.Add.Bar(histogram.From(i) + (histogram.BinWidth / 2), 100 * histogram.Shares[i]).Bars[0];
            bar.FillColor = PictureStyle.Colors[color % PictureStyle.Colors.Count];
            bar.LineWidth = 0;
            bar.Size = histogram.BinWidth;
        }

        plot.Axes.SetLimits(
            -histogram.Largest * 1.02, histogram.Largest * 1.02, 0, 100 * histogram.Shares.Max() * 1.05);
        return plot;
    }

    // 1, 2 or 5 times a power of ten, for four to ten ticks.
    private static double NiceStep(double largest)
    {
        if (!(largest > 0)) return 1;
        double power = Math.Pow(10, Math.Floor(Math.Log10(largest)));
        return (largest / power) switch { >= 5 => power, >= 2 => power / 2, _ => power / 5 };
    }
}

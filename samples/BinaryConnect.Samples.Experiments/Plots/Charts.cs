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
    public static Plot Bars(string title, string xLabel, IReadOnlyList<(string Name, Spread Figure, int Color)> bars)
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
            Text label = plot.Add.Text(figure.ToString(), figure.Mean + figure.Deviation, position);
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
        plot.Axes.Bottom.SetTicks(ticks, [.. ticks.Select(tick => $"{tick:0.#####}")]);
        plot.HideGrid();
        return plot;
    }

    /// <summary>Adds a line with a name in the legend. A pattern suits lines that do not jump.</summary>
    public static Scatter AddLine(Plot plot, double[] x, double[] y, string name, int color, LinePattern? pattern = null)
    {
        Scatter line = plot.Add.ScatterLine(x, y);
        line.Color = PictureStyle.Colors[color];
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

    // 1, 2 or 5 times a power of ten, for four to ten ticks.
    private static double NiceStep(double largest)
    {
        if (!(largest > 0)) return 1;
        double power = Math.Pow(10, Math.Floor(Math.Log10(largest)));
        return (largest / power) switch { >= 5 => power, >= 2 => power / 2, _ => power / 5 };
    }
}

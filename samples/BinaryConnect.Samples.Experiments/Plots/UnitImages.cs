using BinaryConnect.Samples.Experiments.Networks;
using BinaryConnect.Samples.Experiments.Reporting;
using ScottPlot;
using ScottPlot.Panels;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace BinaryConnect.Samples.Experiments.Plots;

/// <summary>The weights of units as images in a square grid, each weight one or two screen pixels wide.</summary>
internal static class UnitImages
{
    /// <summary>The units of a picture, at the most.</summary>
    public const int Most = PerRow * PerRow;

    private const int PerRow = 10, Gap = 2;
    private const float Left = 6, Top = 40, Bottom = 12, BarWidth = 16;
    private const int LargeScale = 2;

    /// <summary>The height of a picture of these images, in screen pixels.</summary>
    public static int HeightOf(PixelMap pixels, bool isLarge) => (int)(Top + Bottom) + (ScaleOf(isLarge) * SideOf(pixels));

    /// <summary>Draws the first units.</summary>
    /// <param name="layer">The weights.</param>
    /// <param name="pixels">The pixels of an image.</param>
    /// <param name="isLarge">Whether the plot is as wide as a picture, and not half as wide.</param>
    public static Plot Of(FirstLayer layer, PixelMap pixels, bool isLarge)
    {
        int scale = ScaleOf(isLarge);
        float width = isLarge ? Picture.Width : Picture.Width / 2f;
        int side = SideOf(pixels), step = pixels.Width + Gap;
        var values = new double[side, side];
        for (int row = 0; row < side; row++)
        {
            for (int column = 0; column < side; column++)
            {
                int unit = (row / step * PerRow) + (column / step), x = column % step, y = row % step;
                bool isWeight = x < pixels.Width && y < pixels.Width && unit < layer.Units;
                values[row, column] = isWeight ? layer.Unit(unit)[(y * pixels.Width) + x] : double.NaN;
            }
        }

        Plot plot = PictureStyle.Create(layer.Name);
        Heatmap map = HeatMaps.AddMap(plot, values, "latent weight");
        map.NaNCellColor = Colors.White;
        UseThreeTicks(plot.Axes.GetPanels().OfType<ColorBar>().Single(), map.ManualRange!.Value.Max);
        plot.Axes.SetLimits(-0.5, side - 0.5, -0.5, side - 0.5);
        plot.Axes.Left.IsVisible = false;
        plot.Axes.Bottom.IsVisible = false;
        plot.Axes.Frame(false);
        plot.HideGrid();
        plot.Layout.Fixed(new PixelPadding(Left, width - Left - (scale * side), Bottom, Top));
        return plot;
    }

    private static void UseThreeTicks(ColorBar bar, double largest)
    {
        bar.Width = BarWidth;

        // A tick right at the end of an axis may be left out.
        double[] ticks = [-largest, 0, largest];
        bar.Axis.TickGenerator = new NumericManual(
            [.. ticks.Select(tick => 0.999 * tick)], [.. ticks.Select(tick => $"{tick:0.##}")]);
    }

    private static int ScaleOf(bool isLarge) => isLarge ? LargeScale : 1;

    private static int SideOf(PixelMap pixels) => (PerRow * (pixels.Width + Gap)) - Gap;
}

using ScottPlot;

namespace BinaryConnect.Samples.Experiments.Reporting;

/// <summary>A picture of a report.</summary>
/// <param name="Name">The name of the PNG file without its extension.</param>
/// <param name="Caption">One or two sentences: what is drawn.</param>
/// <param name="Png">The bytes of the file.</param>
internal sealed record Picture(string Name, string Caption, byte[] Png)
{
    /// <summary>The width of every picture in pixels, about that of a README.</summary>
    public const int Width = 800;

    /// <summary>Draws one plot.</summary>
    public static Picture Of(string name, string caption, Plot plot, int height = 450) =>
        new(name, caption, plot.GetImageBytes(Width, height, ImageFormat.Png));

    /// <summary>Draws several plots in one picture, such as in <c>new ScottPlot.MultiplotLayouts.Rows()</c>.</summary>
    public static Picture Of(string name, string caption, IReadOnlyList<Plot> plots, IMultiplotLayout layout, int height)
    {
        var all = new Multiplot { Layout = layout };
        all.Reset(plots[0]);
        foreach (Plot plot in plots.Skip(1)) all.AddPlot(plot);
        return new Picture(name, caption, all.Render(Width, height).GetImageBytes(ImageFormat.Png, quality: 100));
    }
}

using ScottPlot;

namespace BinaryConnect.Samples.Experiments.Plots;

/// <summary>The look of all pictures: font, sizes, and colours that colour-blind people can tell apart.</summary>
internal static class PictureStyle
{
    private const string FontName = "DejaVu Sans of the experiments";
    private const float TextSize = 14, TitleSize = 16;

    // ScottPlot draws no text, and says nothing, where the system has no fonts. Titles and labels are bold.
    static PictureStyle()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "fonts", "DejaVuSans.ttf");
        Fonts.AddFontFile(FontName, file, bold: false, italic: false);
        Fonts.AddFontFile(FontName, file, bold: true, italic: false);
        Fonts.Default = FontName;
    }

    /// <summary>Okabe and Ito's colours, from dark to light.</summary>
    public static IReadOnlyList<Color> Colors { get; } =
    [
        Color.FromHex("#0072B2"), Color.FromHex("#D55E00"), Color.FromHex("#009E73"), Color.FromHex("#CC79A7"),
        Color.FromHex("#E69F00"), Color.FromHex("#56B4E9"), Color.FromHex("#000000"),
    ];

    /// <summary>The patterns of lines, so that a grey print tells them apart as well.</summary>
    public static IReadOnlyList<LinePattern> Patterns { get; } =
        [LinePattern.Solid, LinePattern.Dashed, LinePattern.Dotted, LinePattern.DenselyDashed];

    /// <summary>Blue for negative, white for 0, red for positive values.</summary>
    public static IColormap Diverging { get; } = new ScottPlot.Colormaps.Balance();

    /// <summary>A plot with title and labels; a label names its unit.</summary>
    public static Plot Create(string title, string? xLabel = null, string? yLabel = null)
    {
        var plot = new Plot();
        plot.Font.Set(FontName);
        plot.Axes.Title.Label.FontSize = TitleSize;
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Title.Label.Text = title;
        foreach (IAxis axis in plot.Axes.GetAxes())
        {
            axis.Label.Bold = false;
            axis.Label.FontSize = TextSize;
            axis.TickLabelStyle.FontSize = TextSize;
        }

        if (xLabel is not null) plot.XLabel(xLabel);
        if (yLabel is not null) plot.YLabel(yLabel);
        plot.Legend.FontName = FontName;
        plot.Legend.FontSize = TextSize;
        plot.Grid.MajorLineColor = Color.FromHex("#E4E4E4");
        return plot;
    }
}

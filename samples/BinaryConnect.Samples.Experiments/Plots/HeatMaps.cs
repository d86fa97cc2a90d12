using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace BinaryConnect.Samples.Experiments.Plots;

/// <summary>Maps of signed values: blue below 0, white at 0, red above.</summary>
internal static class HeatMaps
{
    private static readonly Color GapColor = Color.FromHex("#BBBBBB");

    /// <summary>Draws a matrix, its row 0 at the top.</summary>
    /// <param name="title">The title.</param>
    /// <param name="axes">The labels of the columns, of the rows, and of the colours with their unit.</param>
    /// <param name="values">The values, [rows, columns].</param>
    /// <param name="marks">Row and column of cells to mark.</param>
    /// <param name="markName">The name of marked cells in the legend.</param>
    public static Plot Matrix(
        string title,
        (string Columns, string Rows, string Colors) axes,
        double[,] values,
        IReadOnlyList<(int Row, int Column)> marks,
        string markName)
    {
        const int RowsBetweenTicks = 56;
        Plot plot = PictureStyle.Create(title, axes.Columns, axes.Rows);
        AddMap(plot, values, axes.Colors);
        AddMarks(plot, [.. marks.Select(mark => Centre(mark, values.GetLength(0)))], markName, size: 9);
        int rows = values.GetLength(0), columns = values.GetLength(1);
        double[] rowTicks = [.. Enumerable.Range(0, rows).Where(row => row % RowsBetweenTicks == 0).Select(row => (double)row)];
        plot.Axes.Left.TickGenerator = new NumericManual(
            [.. rowTicks.Select(row => rows - 1 - row)], [.. rowTicks.Select(row => $"{row:0}")]);
        double[] columnTicks = [.. Enumerable.Range(0, columns).Select(i => (double)i)];
        plot.Axes.Bottom.TickGenerator = new NumericManual(columnTicks, [.. columnTicks.Select(column => $"{column:0}")]);
        plot.Axes.SetLimits(-0.5, columns - 0.5, -0.5, rows - 0.5);
        plot.HideGrid();
        return plot;
    }

    /// <summary>Draws images of the same size side by side, in rows.</summary>
    /// <param name="title">The title.</param>
    /// <param name="colorLabel">The meaning of the colours, and their unit.</param>
    /// <param name="images">Name and pixels of each image.</param>
    /// <param name="width">The pixels in a row of an image.</param>
    /// <param name="perRow">The images in a row of the picture.</param>
    /// <param name="marks">Image and pixel of cells to mark; null for none.</param>
    /// <param name="markName">The name of marked pixels in the legend.</param>
    public static Plot Images(
        string title,
        string colorLabel,
        IReadOnlyList<(string Name, double[] Pixels)> images,
        int width,
        int perRow,
        IReadOnlyList<(int Image, int Pixel)>? marks = null,
        string markName = "")
    {
        const int Gap = 2, NameRows = 5;
        int height = images[0].Pixels.Length / width, rowsOfImages = (images.Count + perRow - 1) / perRow;
        int rows = rowsOfImages * (height + NameRows), columns = (perRow * (width + Gap)) - Gap;
        var values = new double[rows, columns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++) values[row, column] = double.NaN;
        }

        Plot plot = PictureStyle.Create(title);
        for (int image = 0; image < images.Count; image++)
        {
            for (int pixel = 0; pixel < images[image].Pixels.Length; pixel++)
            {
                (int row, int column) = CellOf(image, pixel);
                values[row, column] = images[image].Pixels[pixel];
            }
        }

        AddMap(plot, values, colorLabel).NaNCellColor = Colors.White;
        AddMarks(plot, [.. (marks ?? []).Select(mark => Centre(CellOf(mark.Image, mark.Pixel), rows))], markName, size: 7);
        for (int image = 0; image < images.Count; image++) AddFrame(image);
        plot.Axes.SetLimits(-1, columns, -1, rows);
        plot.Axes.SquareUnits();
        plot.HideGrid();
        plot.Axes.Frame(false);

        // Empty axes keep the room that the ends of the colour bar need.
        foreach (IAxis axis in (IAxis[])[plot.Axes.Left, plot.Axes.Bottom])
        {
            axis.TickGenerator = new EmptyTickGenerator();
            axis.MinimumSize = 20;
        }

        return plot;

        (int Row, int Column) CellOf(int image, int pixel)
        {
            int top = (image / perRow * (height + NameRows)) + NameRows, left = image % perRow * (width + Gap);
            return (top + (pixel / width), left + (pixel % width));
        }

        void AddFrame(int image)
        {
            Coordinates corner = Centre(CellOf(image, 0), rows);
            Rectangle frame = plot.Add.Rectangle(corner.X - 0.5, corner.X + width - 0.5, corner.Y + 0.5, corner.Y - height + 0.5);
            frame.FillColor = Colors.Transparent;
            frame.LineColor = GapColor;
            frame.LineWidth = 1;
            Text name = plot.Add.Text(images[image].Name, corner.X - 0.5, corner.Y + 0.5);
            name.LabelAlignment = Alignment.LowerLeft;
            name.LabelFontSize = 14;
        }
    }

    /// <summary>Adds a map whose colours are centred at 0, with its colour bar.</summary>
    public static Heatmap AddMap(Plot plot, double[,] values, string colorLabel)
    {
        double largest = values.Cast<double>().Where(double.IsFinite).Max(Math.Abs);
        Heatmap map = plot.Add.Heatmap(values);
        map.Colormap = PictureStyle.Diverging;
        map.ManualRange = largest > 0 ? new ScottPlot.Range(-largest, largest) : new ScottPlot.Range(-1, 1);
        ScottPlot.Panels.ColorBar bar = plot.Add.ColorBar(map);
        bar.Label = colorLabel;
        bar.LabelStyle.FontSize = 14;
        bar.LabelStyle.Bold = false;
        bar.Axis.TickLabelStyle.FontSize = 13;
        return map;
    }

    // Row 0 of a heat map is drawn at the top, while its axis counts upwards.
    private static Coordinates Centre((int Row, int Column) cell, int rows) => new(cell.Column, rows - 1 - cell.Row);

    private static void AddMarks(Plot plot, IReadOnlyList<Coordinates> centres, string name, float size)
    {
        if (centres.Count == 0) return;
        Markers marks = plot.Add.Markers(centres.ToArray(), MarkerShape.OpenCircle, size, Colors.Black);
        marks.MarkerLineWidth = 1.2f;
        marks.LegendText = name;
        plot.ShowLegend(Edge.Bottom);
    }
}

using BinaryConnect.Samples.Experiments.Networks;
using BinaryConnect.Samples.Experiments.Plots;
using BinaryConnect.Samples.Experiments.Reporting;

namespace BinaryConnect.Samples.Experiments;

/// <summary>The paper's first-layer weights as images, for each regularizer.</summary>
internal sealed class Features : IExperiment
{
    public string Name => "features";

    public string Question => "What do the units of the first layer look for, under each regularizer?";

    public IReadOnlyList<string> Options => NetworkSettings.RunAndFileOptions;

    public IReadOnlyList<int> Seeds => [1];

    public Report Run(ExperimentSettings settings)
    {
        (IReadOnlyList<FirstLayer> layers, string origin, Data.Mnist data) = FirstLayers.Of(settings);
        var pixels = PixelMap.Of(data.Train);
        FeatureFigures[] figures = [.. layers.Select(layer => FeatureFigures.Of(layer, pixels))];
        var table = new Table(
            "features",
            "Latent weights of the first layer",
            new Column("run", "run"),
            new Column("units", "units"),
            new Column("largest", "largest |w|", "F3"),
            new Column("mean", "mean |w|", "F3"),
            new Column("smoothness", "smoothness", "F3"));
        foreach (FeatureFigures of in figures) table.Add(of.Name, of.Units, of.Largest, of.Mean, of.Smoothness);
        return new Report(
            "First-layer weights as images",
            $"{origin} Each tile has the latent weights of one unit, a pixel each; the pictures show the first "
            + $"{UnitImages.Most} units. Smoothness is the correlation of weights of pixels that touch, over all units: about 0 "
            + $"for noise, 1 for flat areas. {pixels.Varying.Count(varies => !varies):N0} of {pixels.Varying.Count:N0} pixels "
            + "are the same in all training images, so nothing teaches their weights; the figures leave them out.")
        {
            Findings = [.. Say(figures)],
            Tables = [table],
            Pictures = [.. Together(layers, pixels), .. layers.Select(layer => Alone(layer, pixels))],
        };
    }

    /// <summary>The findings.</summary>
    public static IEnumerable<string> Say(IReadOnlyList<FeatureFigures> figures)
    {
        // Less is not visible.
        const double Clear = 0.02;
        FeatureFigures[] ordered = [.. figures.OrderByDescending(of => of.Smoothness)];
        if (ordered.Length == 1)
        {
            yield return $"The features of \"{ordered[0].Name}\" have smoothness {ordered[0].Smoothness:F2}.";
        }
        else
        {
            yield return $"The smoothest features are those of \"{ordered[0].Name}\", with smoothness "
                + $"{ordered[0].Smoothness:F2}; the noisiest are those of \"{ordered[^1].Name}\", with "
                + $"{ordered[^1].Smoothness:F2}.";
        }

        if (figures.FirstOrDefault(of => of.Name == Regularizer.None.Name) is not { } none) yield break;
        foreach (FeatureFigures of in figures.Where(of => of != none))
        {
            double gain = of.Smoothness - none.Smoothness;
            string word = Math.Abs(gain) < Clear ? "about as smooth as" : gain > 0 ? "smoother than" : "noisier than";
            yield return $"Features of \"{of.Name}\" are {word} those of \"{none.Name}\" ({of.Smoothness:F2} against "
                + $"{none.Smoothness:F2}), and their mean |w| is {of.Mean / none.Mean:F1} times as large.";
        }
    }

    // Two runs beside each other; a single one has its own picture alone.
    private static IEnumerable<Picture> Together(IReadOnlyList<FirstLayer> layers, PixelMap pixels)
    {
        if (layers.Count < 2) yield break;
        int rows = (layers.Count + 1) / 2;
        yield return Picture.Of(
            "features",
            $"The latent weights of the first {UnitImages.Most} units for each run. White is 0; the range of colours differs.",
            [.. layers.Select(layer => UnitImages.Of(layer, pixels, isLarge: false))],
            new ScottPlot.MultiplotLayouts.Grid(rows, 2),
            height: rows * UnitImages.HeightOf(pixels, isLarge: false));
    }

    private static Picture Alone(FirstLayer layer, PixelMap pixels) => Picture.Of(
        $"features-{layer.Name.Replace(", ", "-", StringComparison.Ordinal).Replace(' ', '-')}",
        $"The latent weights of the first {UnitImages.Most} units of \"{layer.Name}\". White is 0.",
        UnitImages.Of(layer, pixels, isLarge: true),
        UnitImages.HeightOf(pixels, isLarge: true));
}

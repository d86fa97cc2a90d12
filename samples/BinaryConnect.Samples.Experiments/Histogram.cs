using BinaryConnect.Samples.Experiments.Networks;
using BinaryConnect.Samples.Experiments.Plots;
using BinaryConnect.Samples.Experiments.Reporting;

namespace BinaryConnect.Samples.Experiments;

/// <summary>The paper's histograms of first-layer weights, for each regularizer.</summary>
internal sealed class Histogram : IExperiment
{
    private const int Bins = 100;

    public string Name => "histogram";

    public string Question => "Where do latent weights end under each binarizer: at ±1, at 0, or spread between them?";

    public IReadOnlyList<string> Options => NetworkSettings.RunAndFileOptions;

    public IReadOnlyList<int> Seeds => [1];

    public Report Run(ExperimentSettings settings)
    {
        (IReadOnlyList<FirstLayer> layers, string origin, _) = FirstLayers.Of(settings);
        (FirstLayer Layer, WeightHistogram Histogram, WeightMass Mass)[] runs = [.. layers.Select(layer => (
            layer,
            WeightHistogram.Of(layer.Weights, layer.IsBinary ? 1 : layer.Largest, Bins),
            WeightMass.Of(layer.Weights)))];
        var masses = new Table(
            "masses",
            "Latent weights of the first layer, shares in %",
            new Column("run", "run"),
            new Column("at_one", $"within {WeightMass.Reach} of ±1", "P1"),
            new Column("at_zero", $"within {WeightMass.Reach} of 0", "P1"),
            new Column("largest", "largest |w|", "F3"));
        var bins = new Table(
            "bins",
            "The histograms",
            new Column("run", "run"), new Column("from", "from"), new Column("to", "to"), new Column("share", "share"))
        {
            IsShown = false,
        };
        foreach ((FirstLayer layer, WeightHistogram histogram, WeightMass mass) in runs)
        {
            masses.Add(layer.Name, mass.AtOne, mass.AtZero, (double)layer.Largest);
            for (int i = 0; i < Bins; i++)
                bins.Add(layer.Name, histogram.From(i), histogram.From(i) + histogram.BinWidth, histogram.Shares[i]);
        }

        int rows = (runs.Length + 1) / 2;
        return new Report(
            "Histograms of first-layer weights",
            $"{origin} Histograms have {Bins} bins over all latent weights of the first layer, those of pixels that never "
            + "change among them. Before training those of a binary network are uniform in (−1, 1): 5 % of them are within "
            + $"{WeightMass.Reach} of ±1, and 5 % within {WeightMass.Reach} of 0.")
        {
            Findings = [.. runs.Select(run => Say(run.Layer, run.Mass))],
            Tables = [masses, bins],
            Pictures =
            [
                Picture.Of(
                    "histogram",
                    "Histograms of the first layer's latent weights. Both axes of real weights have another range.",
                    [.. runs.Select((run, i) => Charts.Histogram(run.Layer.Name, "latent weight", run.Histogram, i))],
                    new ScottPlot.MultiplotLayouts.Grid(rows, Math.Min(2, runs.Length)),
                    height: rows * 300),
            ],
        };
    }

    /// <summary>The finding of a run.</summary>
    public static string Say(FirstLayer layer, WeightMass mass) => layer.IsBinary
        ? $"Of the latent weights of \"{layer.Name}\", {mass.AtOne:P1} are within {WeightMass.Reach} of ±1 and {mass.AtZero:P1} "
            + $"within {WeightMass.Reach} of 0: {mass.DensityAtOne:F1} and {mass.DensityAtZero:F1} times as dense as between, "
            + $"{mass.Peaks}."
        : $"The real weights of \"{layer.Name}\" stay within ±{layer.Largest:F2}; {mass.AtZero:P1} are within "
            + $"{WeightMass.Reach} of 0.";
}

namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>The first layers of the user's files, or of runs of each regularizer.</summary>
internal static class FirstLayers
{
    /// <summary>The layers, where they come from, and MNIST.</summary>
    public static (IReadOnlyList<FirstLayer> Layers, string Origin, Data.Mnist Data) Of(ExperimentSettings settings)
    {
        if (settings.Network.Files.Count == 0)
        {
            var runs = new NetworkRuns(settings, NetworkSize.Narrow);
            return ([.. runs.TrainAll().Select(FirstLayer.Of)], runs.Description, runs.Data);
        }

        Data.Mnist data = NetworkRuns.Load(settings);
        IReadOnlyList<FirstLayer> layers = SavedRuns.FirstLayers(settings.Network.Files, data.Train.FeatureCount);
        return (layers, OriginOf(settings.Network.Files), data);
    }

    /// <summary>Says that runs come from files.</summary>
    public static string OriginOf(IReadOnlyList<string> files) =>
        $"The runs are those of {string.Join(", ", files.Select(file => $"`{Path.GetFileName(file)}`"))}.";
}

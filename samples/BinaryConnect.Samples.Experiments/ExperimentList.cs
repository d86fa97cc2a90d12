namespace BinaryConnect.Samples.Experiments;

/// <summary>All experiments. A new one is a class and a line here.</summary>
internal static class ExperimentList
{
    /// <summary>The experiments, in the order in which they are listed.</summary>
    public static IReadOnlyList<IExperiment> All { get; } =
    [
        new Jitter(),
        new PostTraining(),
        new Bias(),
        new Binarizers(),
        new LearningRate(),
        new Fashion(),
        new Features(),
        new Histogram(),
        new Curves(),
        new OneBit(),
    ];

    /// <summary>The names, in the same order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(experiment => experiment.Name)];

    /// <summary>The experiment of this name; null if there is none.</summary>
    public static IExperiment? Find(string name) => All.FirstOrDefault(experiment => experiment.Name == name);
}

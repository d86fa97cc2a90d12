using BinaryConnect.Samples.Experiments.Networks;

namespace BinaryConnect.Samples.Experiments;

/// <summary>What the user chose for an experiment.</summary>
internal sealed record ExperimentSettings
{
    /// <summary>The folder of the sample's MNIST files.</summary>
    public required string MnistFolder { get; init; }

    /// <summary>The folder that --data names; null without it.</summary>
    public string? GivenFolder { get; init; }

    /// <summary>The folder of the data of an experiment on MNIST.</summary>
    public string DataFolder => GivenFolder ?? MnistFolder;

    /// <summary>The seeds, one run for each; empty for runs that come from files.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3, 4, 5];

    /// <summary>The largest number of steps of each run; null for the experiment's own.</summary>
    public int? Steps { get; init; }

    /// <summary>The choices for networks.</summary>
    public NetworkSettings Network { get; init; } = new();

    /// <summary>Gets a line of progress now and then.</summary>
    public IProgress<string>? Progress { get; init; }

    /// <summary>Ends the experiment; it then writes nothing.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The steps of a run: the experiment's own, or fewer if the user said so.</summary>
    /// <exception cref="InvalidDataException">The user's number is too small for the experiment.</exception>
    public int StepsOf(int own, int least = 1) => Steps < least
        ? throw new InvalidDataException($"'--steps' is {Steps}; this experiment needs at least {least}.")
        : Math.Min(own, Steps ?? own);
}

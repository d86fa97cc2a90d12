namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>What the user chose for an experiment on networks.</summary>
internal sealed record NetworkSettings
{
    /// <summary>The options of experiments that train networks.</summary>
    public static IReadOnlyList<string> RunOptions { get; } = ["--epochs", "--hidden", "--runs"];

    /// <summary>The options of experiments that also take trained runs from files.</summary>
    public static IReadOnlyList<string> RunAndFileOptions { get; } = [.. RunOptions, "--from"];

    /// <summary>The units of each hidden layer; null for the experiment's own.</summary>
    public IReadOnlyList<int>? HiddenUnits { get; init; }

    /// <summary>The epochs of each run; null for the experiment's own.</summary>
    public int? Epochs { get; init; }

    /// <summary>The folder that keeps checkpoints of runs, for a next experiment; null for none.</summary>
    public string? RunFolder { get; init; }

    /// <summary>The files of trained runs; empty to train.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];
}

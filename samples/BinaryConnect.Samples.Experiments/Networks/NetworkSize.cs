namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>The size of a network and of its run.</summary>
/// <param name="HiddenUnits">The units of each hidden layer.</param>
/// <param name="Epochs">The epochs of the run.</param>
internal sealed record NetworkSize(IReadOnlyList<int> HiddenUnits, int Epochs)
{
    /// <summary>The size of the paper's network in few epochs.</summary>
    public static NetworkSize Wide { get; } = new([1024, 1024, 1024], 10);

    /// <summary>A smaller network, whose four runs take about as long as two of the paper's size.</summary>
    public static NetworkSize Narrow { get; } = new([512, 512, 512], 20);

    /// <summary>The layers, such as "784-512-512-512-10".</summary>
    public string Layers(int features, int classes) => string.Join('-', [features, .. HiddenUnits, classes]);

    /// <summary>This size with what the user chose instead.</summary>
    public NetworkSize With(NetworkSettings chosen) =>
        new(chosen.HiddenUnits ?? HiddenUnits, chosen.Epochs ?? Epochs);
}

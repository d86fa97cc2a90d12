using BinaryConnect.Models;
using BinaryConnect.Models.Layers;

namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>The latent weights of the first layer of a network.</summary>
/// <param name="Name">The name of the run in tables and pictures.</param>
/// <param name="IsBinary">Whether the run binarized them, which keeps them within ±1.</param>
/// <param name="Features">The inputs of a unit.</param>
/// <param name="Weights">The weights, [units, features].</param>
internal sealed record FirstLayer(string Name, bool IsBinary, int Features, float[] Weights)
{
    /// <summary>The units.</summary>
    public int Units => Weights.Length / Features;

    /// <summary>The largest |w|.</summary>
    public float Largest => Weights.Max(MathF.Abs);

    /// <summary>The first layer of a run.</summary>
    public static FirstLayer Of(NetworkRun run) => Of(run.Name, run.Regularizer.IsBinary, run.Network);

    /// <summary>The first layer of a network.</summary>
    /// <exception cref="InvalidDataException">It has no dense layer.</exception>
    public static FirstLayer Of(string name, bool isBinary, Sequential network)
    {
        BinaryDense dense = network.Layers.OfType<BinaryDense>().FirstOrDefault()
            ?? throw new InvalidDataException($"'{name}' has no dense layer; its first layer must be one.");
        return new FirstLayer(name, isBinary, network.FeatureCount, dense.Weights.Latent.ToArray());
    }

    /// <summary>The weights of a unit.</summary>
    public ReadOnlySpan<float> Unit(int unit) => Weights.AsSpan(unit * Features, Features);
}

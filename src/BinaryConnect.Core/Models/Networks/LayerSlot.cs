using BinaryConnect.Data;
using BinaryConnect.Models.Layers;

namespace BinaryConnect.Models.Networks;

/// <summary>A layer in its place in a network.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Name">The name in summaries: the prefix of the names of its parameters, but never empty.</param>
/// <param name="Input">The shape of an input row.</param>
/// <param name="Output">The shape of an output row.</param>
/// <param name="Parameters">The parameters, which the optimizer changes.</param>
/// <param name="Statistics">The statistics of the layer.</param>
/// <param name="Random">Its sources of random numbers.</param>
/// <param name="OverwritesInput">Whether its outputs take the memory of its inputs.</param>
/// <param name="OverwritesGradient">Whether its input gradient takes the memory of its output gradient.</param>
/// <param name="SignInputs">Whether its inputs are ±1, for each <see cref="PassMode"/>.</param>
internal sealed record LayerSlot(
    Layer Layer,
    string Name,
    FeatureShape Input,
    FeatureShape Output,
    Parameter[] Parameters,
    Statistic[] Statistics,
    RandomDraws[] Random,
    bool OverwritesInput,
    bool OverwritesGradient,
    bool[] SignInputs)
{
    /// <summary>Whether its inputs are ±1 in such a pass.</summary>
    public bool HasSignInputs(PassMode mode) => SignInputs[(int)mode];

    /// <summary>Whether its outputs are.</summary>
    public bool HasSignOutputs(PassMode mode) => Layer.HasSignOutputs(mode, HasSignInputs(mode));
}

using BinaryConnect.Models;

namespace BinaryConnect.Inference.Import;

/// <summary>
/// A dense layer in a file of others, by the names of its tensors. With x its inputs [f], it computes
/// y = activation(Scale · normalization(x · Wᵀ + Bias) + Shift) [m].
/// </summary>
/// <param name="Weights">W, a matrix.</param>
public sealed record ImportedLayer(string Weights)
{
    /// <summary>What the values of the weights are.</summary>
    public ImportedWeights Kind { get; init; } = ImportedWeights.Signs;

    /// <summary>
    /// Whether the matrix is [f, m], as Keras and Larq write it; otherwise it is [m, f], as PyTorch writes it.
    /// </summary>
    public bool InputsFirst { get; init; }

    /// <summary>[m]; null for none.</summary>
    public string? Bias { get; init; }

    /// <summary>The batch normalization; null for none.</summary>
    public ImportedNormalization? Normalization { get; init; }

    /// <summary>A factor for each output, [m], or for all; null for 1.</summary>
    public string? Scale { get; init; }

    /// <summary>A summand for each output, [m], or for all; null for 0.</summary>
    public string? Shift { get; init; }

    /// <summary>The activation.</summary>
    public Activation Activation { get; init; } = Activation.Identity;
}

namespace BinaryConnect.Models;

/// <summary>The sizes and the cost of one layer of a network.</summary>
/// <param name="Name">Such as "layer1"; "input" for what comes before the first dense layer.</param>
/// <param name="Kind">Such as "binary dense".</param>
/// <param name="Inputs">Values of an input row, f.</param>
/// <param name="Outputs">Values of an output row, m.</param>
/// <param name="OneBitParameters">Binarized weights, one bit each once they are packed.</param>
/// <param name="RealParameters">All other trained values: biases, γ and β; 32 bits each.</param>
/// <param name="MultiplyAdds">
/// Products that enter a sum, for one row at test time: f · m of weights, m of a normalization.
/// </param>
/// <param name="LatentBytes">
/// Four for each trained value and each mean and variance, as in training; without gradients and optimizer state.
/// </param>
/// <param name="PackedBytes">
/// One bit for each weight, a unit's weights in whole bytes, and four bytes for each real value. Means and variances
/// take none: a normalization at test time is a factor and a term for each unit.
/// </param>
public sealed record LayerSummary(
    string Name,
    string Kind,
    int Inputs,
    int Outputs,
    long OneBitParameters,
    long RealParameters,
    long MultiplyAdds,
    long LatentBytes,
    long PackedBytes);

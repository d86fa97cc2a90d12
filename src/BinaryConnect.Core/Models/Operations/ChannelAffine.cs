namespace BinaryConnect.Models.Operations;

/// <summary>
/// y[i] = Scale[i mod c] · x[i] + Offset[i mod c], c being their length: the number of values, or of channels.
/// </summary>
/// <param name="Scale">[c].</param>
/// <param name="Offset">[c].</param>
public sealed record ChannelAffine(ReadOnlyMemory<double> Scale, ReadOnlyMemory<double> Offset) : InferenceOp;

namespace BinaryConnect.Inference;

/// <summary>
/// One layer of a <see cref="PackedModel"/>: a product with signs or with real weights, or none; then for each output
/// y = min(max(Scale·z + Offset, Low), High). Without a product z is the input.
/// </summary>
/// <param name="Inputs">Values of an input row, f.</param>
/// <param name="Outputs">Values of an output row, m; f without a product.</param>
/// <param name="SignBits">
/// SignBits of the weights, [m, ⌈f/8⌉] bytes, row-major; empty for none. Bit i of byte j of a row is input 8·j + i; 1
/// means +1. Bits after the last input are 0.
/// </param>
/// <param name="Weights">Real weights, [m, f] row-major; empty for none.</param>
/// <param name="Scale">[m].</param>
/// <param name="Offset">[m].</param>
/// <param name="Low">The least output; −∞ for none.</param>
/// <param name="High">The greatest output; ∞ for none.</param>
public sealed record PackedLayer(
    int Inputs,
    int Outputs,
    ReadOnlyMemory<byte> SignBits,
    ReadOnlyMemory<float> Weights,
    ReadOnlyMemory<float> Scale,
    ReadOnlyMemory<float> Offset,
    float Low,
    float High)
{
    /// <summary>
    /// The bytes to which inputs are rounded, x ← Scale · clamp(⌊(x − Shift) / Scale + ½⌋, 0, 255) + Shift; null to
    /// take inputs as they are. It needs signs, and a layer before.
    /// </summary>
    public ByteScaling? InputBytes { get; init; }

    /// <summary>Whether the output is its sign: y ← +1 where y ≥ 0, else −1, after the clamp.</summary>
    public bool HasSignOutput { get; init; }

    /// <summary>Bytes of a row of signs, ⌈f/8⌉.</summary>
    public int BytesPerRow => (Inputs + 7) / 8;

    /// <summary>Bytes of signs, weights, scale and offset.</summary>
    public long Bytes => SignBits.Length + sizeof(float) * ((long)Weights.Length + Scale.Length + Offset.Length);
}

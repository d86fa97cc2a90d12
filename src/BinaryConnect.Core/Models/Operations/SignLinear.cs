namespace BinaryConnect.Models.Operations;

/// <summary>z[j] = Scale · Σ_k x[k] · s[j, k], s being ±1.</summary>
/// <param name="Inputs">f.</param>
/// <param name="Outputs">m.</param>
/// <param name="SignBits">
/// [m, ⌈f/8⌉] bytes, row-major. Bit i of byte j of a row is input 8·j + i; 1 means +1. Bits after the last input are 0.
/// </param>
/// <param name="Scale">The factor of the sums.</param>
public sealed record SignLinear(int Inputs, int Outputs, ReadOnlyMemory<byte> SignBits, float Scale) : InferenceOp;

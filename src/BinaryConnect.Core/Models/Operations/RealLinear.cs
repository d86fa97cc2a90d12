namespace BinaryConnect.Models.Operations;

/// <summary>z[j] = Σ_k x[k] · w[j, k].</summary>
/// <param name="Inputs">f.</param>
/// <param name="Outputs">m.</param>
/// <param name="Weights">w, [m, f] row-major.</param>
public sealed record RealLinear(int Inputs, int Outputs, ReadOnlyMemory<float> Weights) : InferenceOp;

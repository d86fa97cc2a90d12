namespace BinaryConnect.Models.Operations;

/// <summary>y = min(max(x, Low), High), such as a rectifier from 0 to infinity.</summary>
/// <param name="Low">The least value; −∞ for none.</param>
/// <param name="High">The greatest value; ∞ for none.</param>
public sealed record RangeClamp(float Low, float High) : InferenceOp;

namespace BinaryConnect.Models.Operations;

/// <summary>y = +1 where x ≥ 0, else −1.</summary>
public sealed record SignStep : InferenceOp;

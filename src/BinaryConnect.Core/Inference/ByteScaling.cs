namespace BinaryConnect.Inference;

/// <summary>What a byte stands for: <c>byte · Scale + Shift</c>.</summary>
/// <param name="Scale">Greater than 0.</param>
/// <param name="Shift">What byte 0 stands for.</param>
public readonly record struct ByteScaling(float Scale, float Shift);

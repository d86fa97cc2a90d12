namespace BinaryConnect.Inference.Export;

/// <summary>The values between two layers of C source.</summary>
internal enum CValues
{
    Bytes,
    Bits,
    Floats,
}

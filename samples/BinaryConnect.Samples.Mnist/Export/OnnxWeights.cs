namespace BinaryConnect.Samples.Mnist.Export;

/// <summary>How an ONNX file holds binary weights.</summary>
internal enum OnnxWeights
{
    /// <summary>One bit each.</summary>
    Bits,

    /// <summary>A float each.</summary>
    Float,
}

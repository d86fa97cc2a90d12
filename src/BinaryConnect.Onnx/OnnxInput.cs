namespace BinaryConnect.Onnx;

/// <summary>The values that the graph's input takes.</summary>
public enum OnnxInput
{
    /// <summary>Features as the packed model takes them, floats [n, f].</summary>
    Features,

    /// <summary>
    /// Bytes b [n, f], uint8, that stand for <c>b · InputScale + InputShift</c>; the graph has the scaling. In the
    /// QONNX form they are floats from 0 to 255.
    /// </summary>
    Bytes,
}

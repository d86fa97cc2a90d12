namespace BinaryConnect.Onnx;

/// <summary>How an ONNX file holds the weights that are +1 or −1.</summary>
public enum OnnxForm
{
    /// <summary>
    /// One bit a weight, in bytes that standard operators unpack. ONNX Runtime does so once, when it loads the model.
    /// </summary>
    Bits,

    /// <summary>Floats +1 and −1: 32 bits a weight, for tools that do not fold constants.</summary>
    Floats,

    /// <summary>
    /// QONNX: floats through <c>BipolarQuant</c> of the domain <c>qonnx.custom_op.general</c>, as FINN and hls4ml read
    /// them. The file also defines that operator as a function, so that ONNX Runtime runs it.
    /// </summary>
    Qonnx,
}

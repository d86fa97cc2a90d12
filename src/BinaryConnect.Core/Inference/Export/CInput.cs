namespace BinaryConnect.Inference.Export;

/// <summary>The type of an input value of C source.</summary>
public enum CInput
{
    /// <summary><c>uint8_t</c>: a byte stands for byte · <c>InputScale</c> + <c>InputShift</c> of the model.</summary>
    Bytes,

    /// <summary><c>float</c>: the features themselves.</summary>
    Floats,
}

namespace BinaryConnect.Onnx;

/// <summary>Options of <see cref="OnnxExporter"/>.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>How the file holds weights that are +1 or −1.</summary>
    public OnnxForm Form { get; init; } = OnnxForm.Bits;

    /// <summary>
    /// The values that the graph's input takes; null for bytes, or for features where the model's scale is 1 and its
    /// shift 0, as it is for features that were floats.
    /// </summary>
    public OnnxInput? Input { get; init; }
}

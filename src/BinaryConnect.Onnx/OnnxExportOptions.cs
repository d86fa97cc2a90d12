namespace BinaryConnect.Onnx;

/// <summary>Options of <see cref="OnnxExporter"/>.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>How the file holds weights that are +1 or −1.</summary>
    public OnnxForm Form { get; init; } = OnnxForm.Bits;

    /// <summary>The values that the graph's input takes.</summary>
    public OnnxInput Input { get; init; } = OnnxInput.Features;
}

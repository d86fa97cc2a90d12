using BinaryConnect.Inference;
using BinaryConnect.Onnx;

namespace BinaryConnect.Samples.Mnist.Export;

/// <summary>ONNX for runtimes, and QONNX for FPGAs. Both take pixels.</summary>
internal static class OnnxExport
{
    /// <summary>The format for ONNX Runtime and others.</summary>
    public static ExportFormat Onnx { get; } = new(
        "onnx",
        "the file OUT for ONNX Runtime",
        ExportFormat.CheckFile,
        (model, arguments) => arguments.Weights == OnnxWeights.Bits
            ? Write(model, arguments, OnnxForm.Bits, "1 bit for each binary weight")
            : Write(model, arguments, OnnxForm.Floats, "32 bits for each weight"))
    {
        Options = ["--weights"],
        WritesFile = true,
    };

    /// <summary>The format for FINN and hls4ml.</summary>
    public static ExportFormat Qonnx { get; } = new(
        "qonnx",
        "the file OUT for FINN and hls4ml",
        ExportFormat.CheckFile,
        (model, arguments) => Write(model, arguments, OnnxForm.Qonnx, "binary weights by BipolarQuant"))
    {
        WritesFile = true,
    };

    private static string Write(PackedModel model, ExportArguments arguments, OnnxForm form, string weights)
    {
        model.SaveOnnx(arguments.Out, new OnnxExportOptions { Form = form, Input = OnnxInput.Bytes });
        return $"{new FileInfo(arguments.Out).Length:N0} bytes, opset {OnnxExporter.OpsetVersion}, {weights}";
    }
}

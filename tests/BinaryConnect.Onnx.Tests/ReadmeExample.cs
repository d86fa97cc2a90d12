using BinaryConnect.Inference;

namespace BinaryConnect.Onnx.Tests;

/// <summary>The program of the package's README.</summary>
internal static class ReadmeExample
{
    public static void Run()
    {
        PackedModel packed = PackedModel.Load("digits.packed.safetensors");
        packed.SaveOnnx("digits.onnx"); // one bit a weight; takes bytes
        packed.SaveOnnx("digits.features.onnx", new OnnxExportOptions { Input = OnnxInput.Features });
        packed.SaveOnnx("digits.float.onnx", new OnnxExportOptions { Form = OnnxForm.Floats });
        packed.SaveOnnx("digits.qonnx", new OnnxExportOptions { Form = OnnxForm.Qonnx });
    }
}

using BinaryConnect.Inference;
using Microsoft.ML.OnnxRuntime;

namespace BinaryConnect.Onnx.Tests;

/// <summary>An ONNX file in ONNX Runtime.</summary>
internal sealed class OnnxRun : IDisposable
{
    private readonly RunOptions _options = new();

    /// <summary>Writes a model, and loads it.</summary>
    public OnnxRun(PackedModel model, OnnxExportOptions? options = null)
    {
        using var stream = new MemoryStream();
        model.SaveOnnx(stream, options);
        Session = new InferenceSession(stream.ToArray());
    }

    /// <summary>The loaded model.</summary>
    public InferenceSession Session { get; }

    /// <summary>The scores [n, c], and the classes [n] where the graph gives them, of rows [n, f].</summary>
    public (float[] Scores, int[]? Classes) Run<T>(T[] rows, int features)
        where T : unmanaged
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(rows, [rows.Length / features, features]);
        using IDisposableReadOnlyCollection<OrtValue> outputs =
            Session.Run(_options, ["input"], [input], Session.OutputNames);
        int[]? classes = outputs.Count == 1 ? null : [.. outputs[1].GetTensorDataAsSpan<long>().ToArray().Select(c => (int)c)];
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), classes);
    }

    public void Dispose()
    {
        Session.Dispose();
        _options.Dispose();
    }
}

using BinaryConnect.Inference;
using Onnx;

namespace BinaryConnect.Onnx;

/// <summary>
/// Makes the layers of a packed model into a graph, from <c>input</c> to <c>scores</c> and <c>class</c>.
/// </summary>
internal sealed class ModelGraph
{
    private const string Input = "input", Scores = "scores", Class = "class";

    private readonly PackedModel _model;
    private readonly OnnxExportOptions _options;
    private readonly GraphBuilder _graph = new();

    private ModelGraph(PackedModel model, OnnxExportOptions options) => (_model, _options) = (model, options);

    private bool IsQonnx => _options.Form == OnnxForm.Qonnx;

    /// <summary>The graph of a model.</summary>
    public static GraphBuilder Of(PackedModel model, OnnxExportOptions options)
    {
        var graph = new ModelGraph(model, options);
        graph.Build();
        return graph._graph;
    }

    private void Build()
    {
        bool takesBytes = _options.Input is { } input ? input == OnnxInput.Bytes : _model is not { InputScale: 1, InputShift: 0 };
        string value = takesBytes && !IsQonnx ? Cast(Input, "bytes") : Input;
        for (int i = 0; i < _model.Layers.Count; i++)
        {
            PackedLayer layer = _model.Layers[i];
            if (layer.InputBytes is { } rounded) value = Round(value, rounded, $"layer{i}");
            ByteScaling bytes = layer.InputBytes
                ?? (i == 0 && takesBytes ? new ByteScaling(_model.InputScale, _model.InputShift) : new ByteScaling(1, 0));
            value = Layer(layer, bytes, value, $"layer{i}");
        }

        EndWith(value);
        GraphProto graph = _graph.Graph;
        graph.Name = "packed_model";
        TensorProto.Types.DataType type =
            takesBytes && !IsQonnx ? TensorProto.Types.DataType.Uint8 : TensorProto.Types.DataType.Float;
        graph.Input.Add(GraphBuilder.Value(Input, type, _model.FeatureCount));
        graph.Output.Add(GraphBuilder.Value(Scores, TensorProto.Types.DataType.Float, _model.ClassCount));
        if (IsQonnx) return;
        _graph.Node("ArgMax", Class, Scores);
        _graph.Attribute("axis", 1);
        _graph.Attribute("keepdims", 0);
        graph.Output.Add(GraphBuilder.Value(Class, TensorProto.Types.DataType.Int64));
    }

    // The last node gives the scores.
    private void EndWith(string value)
    {
        if (value == Input) _graph.Node("Identity", Scores, value);
        NodeProto last = _graph.Graph.Node[^1];
        last.Name = last.Output[0] = Scores;
    }

    private string Layer(PackedLayer layer, ByteScaling bytes, string value, string name)
    {
        if (!layer.SignBits.IsEmpty || !layer.Weights.IsEmpty)
        {
            string weights = SignWeights.Add(_graph, layer, _options.Form, name);
            value = _graph.Node(IsQonnx ? "MatMul" : "Gemm", $"{name}.sums", value, weights);
            if (!IsQonnx) _graph.Attribute("transB", 1);
        }

        (float[] scale, float[] offset) = AffineOfSums(layer, bytes);
        if (scale.AsSpan().ContainsAnyExcept(1))
            value = _graph.Node("Mul", $"{name}.scaled", value, _graph.Constant<float>($"{name}.scale", scale, scale.Length));
        if (offset.AsSpan().ContainsAnyExcept(0))
            value = _graph.Node("Add", $"{name}.moved", value, _graph.Constant<float>($"{name}.offset", offset, offset.Length));
        if (layer.Low == 0 && float.IsPositiveInfinity(layer.High)) value = _graph.Node("Relu", $"{name}.relu", value);
        else if (float.IsFinite(layer.Low) || float.IsFinite(layer.High)) value = Clip(value, layer.Low, layer.High, name);
        return layer.HasSignOutput ? Sign(value, name) : value;
    }

    // The operator Sign has 0 for 0, where this library has +1.
    private string Sign(string value, string name)
    {
        string one = _graph.Scalar("one", 1f);
        if (IsQonnx) return _graph.BipolarQuant($"{name}.sign", value, one);
        string reaches = _graph.Node("GreaterOrEqual", $"{name}.reaches", value, _graph.Scalar("zero", 0f));
        return _graph.Node("Where", $"{name}.sign", reaches, one, _graph.Scalar("minus_one", -1f));
    }

    private string Clip(string value, float low, float high, string name) => _graph.Node(
        "Clip",
        $"{name}.clipped",
        value,
        float.IsFinite(low) ? _graph.Scalar($"{name}.low", low) : "",
        float.IsFinite(high) ? _graph.Scalar($"{name}.high", high) : "");

    // clamp(⌊(x − Shift) / Scale + ½⌋, 0, 255), as floats.
    private string Round(string value, ByteScaling bytes, string name)
    {
        if (bytes.Shift != 0)
            value = _graph.Node("Sub", $"{name}.unshifted", value, _graph.Scalar($"{name}.byte_shift", bytes.Shift));
        value = _graph.Node("Mul", $"{name}.unscaled", value, _graph.Scalar($"{name}.byte_factor", 1 / bytes.Scale));
        value = _graph.Node("Add", $"{name}.raised", value, _graph.Scalar("half", 0.5f));
        value = _graph.Node("Floor", $"{name}.rounded", value);
        return _graph.Node("Clip", $"{name}.bytes", value, _graph.Scalar("zero", 0f), _graph.Scalar("most_byte", 255f));
    }

    private string Cast(string value, string output)
    {
        _graph.Node("Cast", output, value);
        _graph.Attribute("to", (long)TensorProto.Types.DataType.Float);
        return output;
    }

    // scale · Σ (byte · bytes.Scale + bytes.Shift) · w + offset, as a factor and an offset of Σ byte · w.
    private static (float[] Scale, float[] Offset) AffineOfSums(PackedLayer layer, ByteScaling bytes)
    {
        var (factors, offsets) = (new float[layer.Outputs], new float[layer.Outputs]);
        for (int j = 0; j < layer.Outputs; j++)
        {
            double scale = layer.Scale.Span[j], shift = bytes.Shift == 0 ? 0 : bytes.Shift * SignWeights.SumOf(layer, j);
            factors[j] = (float)(scale * bytes.Scale);
            offsets[j] = (float)(layer.Offset.Span[j] + scale * shift);
        }

        return (factors, offsets);
    }
}

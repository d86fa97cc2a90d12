using BinaryConnect.Inference;
using Onnx;

namespace BinaryConnect.Onnx;

/// <summary>The weights of a packed layer in a graph.</summary>
internal static class SignWeights
{
    /// <summary>Adds the weights, and gives their name: [m, f]; in the QONNX form [f, m].</summary>
    public static string Add(GraphBuilder graph, PackedLayer layer, OnnxForm form, string name)
    {
        bool hasSigns = !layer.SignBits.IsEmpty;
        if (hasSigns && form == OnnxForm.Bits) return Unpacked(graph, layer, name);
        float[] values = hasSigns ? Unpack(layer) : layer.Weights.ToArray();
        if (form != OnnxForm.Qonnx) return graph.Constant<float>($"{name}.weights", values, layer.Outputs, layer.Inputs);
        string weights = graph.Constant<float>(
            $"{name}.weights", Transpose(values, layer.Inputs), layer.Inputs, layer.Outputs);
        return hasSigns ? graph.BipolarQuant($"{name}.signs", weights, graph.Scalar("one", 1f)) : weights;
    }

    /// <summary>The sum of the weights of an output; 1 without a product.</summary>
    public static double SumOf(PackedLayer layer, int output)
    {
        if (!layer.Weights.IsEmpty)
        {
            double sum = 0;
            foreach (float weight in layer.Weights.Span.Slice(output * layer.Inputs, layer.Inputs)) sum += weight;
            return sum;
        }

        if (layer.SignBits.IsEmpty) return 1;
        int positive = 0;
        foreach (byte bits in layer.SignBits.Span.Slice(output * layer.BytesPerRow, layer.BytesPerRow))
            positive += byte.PopCount(bits);
        return 2.0 * positive - layer.Inputs;
    }

    // Bit i of byte j is (byte ≫ i) mod 2, and the weight is 2 · bit − 1.
    private static string Unpacked(GraphBuilder graph, PackedLayer layer, string name)
    {
        string bytes = graph.Constant(
            $"{name}.signs", layer.SignBits.Span, layer.Outputs, layer.BytesPerRow, 1);
        string shifted = graph.Node(
            "BitShift", $"{name}.shifted", bytes, graph.Constant<byte>("shifts", [0, 1, 2, 3, 4, 5, 6, 7], 8));
        graph.Attribute("direction", "RIGHT");
        string bits = graph.Node("Mod", $"{name}.bits", shifted, graph.Scalar<byte>("two_of_bytes", 2));
        string rows = graph.Node(
            "Reshape",
            $"{name}.rows",
            bits,
            graph.Constant<long>($"{name}.shape", [layer.Outputs, layer.BytesPerRow * 8L], 2));
        if (layer.Inputs % 8 != 0)
        {
            rows = graph.Node(
                "Slice",
                $"{name}.cut",
                rows,
                graph.Constant<long>("first", [0], 1),
                graph.Constant<long>($"{name}.inputs", [layer.Inputs], 1),
                graph.Constant<long>("columns", [1], 1));
        }

        string floats = graph.Node("Cast", $"{name}.floats", rows);
        graph.Attribute("to", (long)TensorProto.Types.DataType.Float);
        string doubled = graph.Node("Mul", $"{name}.doubled", floats, graph.Scalar("two", 2f));
        return graph.Node("Sub", $"{name}.weights", doubled, graph.Scalar("one", 1f));
    }

    private static float[] Unpack(PackedLayer layer)
    {
        float[] values = new float[checked(layer.Outputs * layer.Inputs)];
        for (int j = 0, next = 0; j < layer.Outputs; j++)
        {
            ReadOnlySpan<byte> row = layer.SignBits.Span.Slice(j * layer.BytesPerRow, layer.BytesPerRow);
            for (int i = 0; i < layer.Inputs; i++) values[next++] = (row[i / 8] >> i % 8 & 1) * 2 - 1;
        }

        return values;
    }

    private static float[] Transpose(float[] values, int columns)
    {
        float[] transposed = new float[values.Length];
        int rows = values.Length / columns;
        for (int j = 0; j < rows; j++)
        {
            for (int i = 0; i < columns; i++) transposed[i * rows + j] = values[j * columns + i];
        }

        return transposed;
    }
}

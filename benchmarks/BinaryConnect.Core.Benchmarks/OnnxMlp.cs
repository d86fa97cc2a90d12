using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// An ONNX model of dense layers without bias, with ReLU between them, in the protobuf encoding of onnx.proto.
/// </summary>
internal static class OnnxMlp
{
    public const string Input = "x";
    public const string Output = "z";

    private const int IrVersion = 8;
    private const int OperatorSet = 17;

    // Values of onnx.proto's enumerations.
    private const int Float = 1;
    private const int IntAttribute = 2;

    /// <summary>The model for <paramref name="batch"/> rows; weights[i] is [sizes[i + 1], sizes[i]].</summary>
    public static byte[] Encode(int batch, int[] sizes, Memory<float>[] weights)
    {
        // GraphProto: node 1, name 2, initializer 5, input 11, output 12.
        Message graph = new Message().Add(2, "mlp");
        string activations = Input;
        for (int i = 0; i < weights.Length; i++)
        {
            bool last = i == weights.Length - 1;
            string sums = last ? Output : $"sums{i}";
            graph.Add(5, Tensor($"weights{i}", [sizes[i + 1], sizes[i]], weights[i].Span));
            graph.Add(1, Node("Gemm", [activations, $"weights{i}"], sums).Add(5, Attribute("transB", 1)));
            if (!last) graph.Add(1, Node("Relu", [sums], activations = $"activations{i}"));
        }

        graph.Add(11, FloatsOf(Input, [batch, sizes[0]])).Add(12, FloatsOf(Output, [batch, sizes[^1]]));

        // ModelProto: ir_version 1, graph 7, opset_import 8, whose version is 2.
        return new Message().Add(1, IrVersion).Add(8, new Message().Add(2, OperatorSet)).Add(7, graph).ToArray();
    }

    // NodeProto: input 1, output 2, op_type 4, attribute 5.
    private static Message Node(string operation, string[] inputs, string output)
    {
        var node = new Message();
        foreach (string input in inputs) node.Add(1, input);
        return node.Add(2, output).Add(4, operation);
    }

    // AttributeProto: name 1, i 3, type 20.
    private static Message Attribute(string name, int value) => new Message().Add(1, name).Add(3, value).Add(20, IntAttribute);

    // TensorProto: dims 1, data_type 2, name 8, raw_data 9.
    private static Message Tensor(string name, int[] shape, ReadOnlySpan<float> values)
    {
        var tensor = new Message();
        foreach (int length in shape) tensor.Add(1, length);
        return tensor.Add(2, Float).Add(8, name).Add(9, MemoryMarshal.AsBytes(values));
    }

    // ValueInfoProto: name 1, type 2. TypeProto: tensor_type 1. In it elem_type 1, shape 2; in that dim 1; in that
    // dim_value 1.
    private static Message FloatsOf(string name, int[] shape)
    {
        var dimensions = new Message();
        foreach (int length in shape) dimensions.Add(1, new Message().Add(1, length));
        return new Message().Add(1, name).Add(2, new Message().Add(1, new Message().Add(1, Float).Add(2, dimensions)));
    }

    // Fields by their numbers in onnx.proto: integers that are not negative, or bytes after their count.
    private sealed class Message
    {
        private const int Integer = 0;
        private const int Counted = 2;

        private readonly ArrayBufferWriter<byte> _bytes = new();

        public Message Add(int field, int value)
        {
            Write(field << 3 | Integer);
            Write(value);
            return this;
        }

        public Message Add(int field, ReadOnlySpan<byte> bytes)
        {
            Write(field << 3 | Counted);
            Write(bytes.Length);
            _bytes.Write(bytes);
            return this;
        }

        public Message Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

        public Message Add(int field, Message message) => Add(field, message._bytes.WrittenSpan);

        public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

        // The lowest seven bits come first; the eighth bit is set if more follow.
        private void Write(int value)
        {
            for (; value > 0x7F; value >>= 7) _bytes.Write([(byte)(value | 0x80)]);
            _bytes.Write([(byte)value]);
        }
    }
}

using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace BinaryConnect.Onnx;

/// <summary>Adds nodes and constants to a graph. A node has the name of its output.</summary>
internal sealed class GraphBuilder
{
    private const string QonnxDomain = "qonnx.custom_op.general";

    private readonly HashSet<string> _constants = [];

    /// <summary>The graph so far.</summary>
    public GraphProto Graph { get; } = new();

    /// <summary>Whether a node is of the domain of QONNX.</summary>
    public bool UsesQonnx { get; private set; }

    /// <summary>Adds a node, and gives the name of its output.</summary>
    public string Node(string op, string output, params ReadOnlySpan<string> inputs)
    {
        var node = new NodeProto { OpType = op, Name = output };
        foreach (string input in inputs) node.Input.Add(input);
        node.Output.Add(output);
        Graph.Node.Add(node);
        return output;
    }

    /// <summary>Adds <c>BipolarQuant</c>: scale where x ≥ 0, else −scale.</summary>
    public string BipolarQuant(string output, string x, string scale)
    {
        Node("BipolarQuant", output, x, scale);
        Graph.Node[^1].Domain = QonnxDomain;
        UsesQonnx = true;
        return output;
    }

    /// <summary>Gives the last node an attribute.</summary>
    public void Attribute(string name, long value) => Graph.Node[^1].Attribute.Add(
        new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value });

    /// <summary>Gives the last node an attribute.</summary>
    public void Attribute(string name, string value) => Graph.Node[^1].Attribute.Add(
        new AttributeProto
        {
            Name = name,
            Type = AttributeProto.Types.AttributeType.String,
            S = ByteString.CopyFromUtf8(value),
        });

    /// <summary>
    /// Adds a constant unless there is one of its name, which then has the same value; gives its name.
    /// </summary>
    public string Constant<T>(string name, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        if (!_constants.Add(name)) return name;
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)TypeOf<T>(),
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)),
        };
        foreach (long size in shape) tensor.Dims.Add(size);
        Graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>Adds a constant of one value, which fits every shape.</summary>
    public string Scalar<T>(string name, T value)
        where T : unmanaged => Constant<T>(name, [value]);

    /// <summary>Describes an input or output of the graph, whose first size is the number of rows.</summary>
    public static ValueInfoProto Value(string name, TensorProto.Types.DataType type, params ReadOnlySpan<long> sizesOfRow)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "rows" });
        foreach (long size in sizesOfRow) shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    /// <summary>
    /// The definition of <c>BipolarQuant</c> by standard operators, for a runtime that does not have it.
    /// </summary>
    public static FunctionProto BipolarQuantFunction()
    {
        var body = new GraphBuilder();
        var zero = new TensorProto { DataType = (int)TensorProto.Types.DataType.Float, FloatData = { 0 } };
        body.Node("Constant", "zero");
        body.Graph.Node[^1].Attribute.Add(
            new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = zero });
        body.Node("GreaterOrEqual", "reaches", "x", "zero");
        body.Node("Neg", "negative", "scale");
        body.Node("Where", "y", "reaches", "scale", "negative");
        return new FunctionProto
        {
            Name = "BipolarQuant",
            Domain = QonnxDomain,
            Input = { "x", "scale" },
            Output = { "y" },
            Node = { body.Graph.Node },
            OpsetImport = { new OperatorSetIdProto { Version = OnnxExporter.OpsetVersion } },
        };
    }

    /// <summary>The version of the domain of QONNX that a model names.</summary>
    public static OperatorSetIdProto QonnxOpset() => new() { Domain = QonnxDomain, Version = 1 };

    private static TensorProto.Types.DataType TypeOf<T>() => default(T) switch
    {
        float => TensorProto.Types.DataType.Float,
        byte => TensorProto.Types.DataType.Uint8,
        long => TensorProto.Types.DataType.Int64,
        _ => throw new NotSupportedException($"A constant is of {typeof(T).Name}; it must be of Single, Byte or Int64."),
    };
}

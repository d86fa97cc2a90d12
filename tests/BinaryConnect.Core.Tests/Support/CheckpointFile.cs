using BinaryConnect.Files;

namespace BinaryConnect.Tests.Support;

/// <summary>A safetensors file as dictionaries, to be changed and written again with a checksum that fits.</summary>
internal sealed class CheckpointFile
{
    public Dictionary<string, string> Metadata { get; } = [];

    public Dictionary<string, (long[] Shape, Array Values)> Tensors { get; } = [];

    public static CheckpointFile Load(string path)
    {
        var file = new CheckpointFile();
        using SafetensorsReader reader = SafetensorsReader.Open(path, requireChecksum: true);
        foreach ((string name, string text) in reader.Metadata) file.Metadata.Add(name, text);
        file.Metadata.Remove(Checksum.Name);
        foreach (TensorEntry tensor in reader.Tensors) file.Tensors.Add(tensor.Name, (tensor.Shape, Values(reader, tensor)));
        return file;
    }

    public void Save(string path)
    {
        var writer = new SafetensorsWriter();
        foreach ((string name, string text) in Metadata) writer.AddMetadata(name, text);
        foreach ((string name, (long[] shape, Array values)) in Tensors)
        {
            switch (values)
            {
                case double[] doubles: writer.Add<double>(name, shape, doubles); break;
                case float[] floats: writer.Add<float>(name, shape, floats); break;
                case long[] longs: writer.Add<long>(name, shape, longs); break;
                default: writer.Add<int>(name, shape, (int[])values); break;
            }
        }

        using FileStream stream = File.Create(path);
        writer.WriteTo(stream);
    }

    private static Array Values(SafetensorsReader reader, TensorEntry tensor) => tensor.Type.Name switch
    {
        "F64" => Read<double>(reader, tensor),
        "F32" => Read<float>(reader, tensor),
        "I64" => Read<long>(reader, tensor),
        _ => Read<int>(reader, tensor),
    };

    private static T[] Read<T>(SafetensorsReader reader, TensorEntry tensor)
        where T : unmanaged
    {
        T[] values = new T[tensor.Shape.Aggregate(1L, (product, size) => product * size)];
        reader.Read(tensor.Name, tensor.Shape, values.AsSpan());
        return values;
    }
}

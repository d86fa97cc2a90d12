using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace BinaryConnect.Files;

/// <summary>
/// Writes the start of a file: the header's length, the header, and spaces up to the start of the data.
/// </summary>
internal static class SafetensorsHeaderWriter
{
    private const int LengthBytes = sizeof(ulong);

    // A cache line, and more than the alignment of any type of value.
    private const int Alignment = 64;

    /// <summary>
    /// The bytes up to the data, and the range of the checksum in them. Metadata are in ordinal order of their names,
    /// with a blank checksum among them.
    /// </summary>
    /// <exception cref="InvalidOperationException">The header is longer than the format allows.</exception>
    public static (byte[] Bytes, Range Checksum) Write(
        IEnumerable<TensorEntry> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(stackalloc byte[LengthBytes]);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        Range checksum = WriteMetadata(json, metadata);
        foreach (TensorEntry tensor in tensors) WriteTensor(json, tensor);
        json.WriteEndObject();
        json.Flush();

        int padding = -buffer.WrittenCount & (Alignment - 1), length = buffer.WrittenCount + padding - LengthBytes;
        if (length > SafetensorsHeader.MostBytes)
            throw new InvalidOperationException(
                $"The header of names, shapes and metadata has {length:N0} bytes; "
                + $"it must have at most {SafetensorsHeader.MostBytes:N0}.");
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        byte[] bytes = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)length);
        return (bytes, checksum);
    }

    private static Range WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        int end = 0;
        json.WriteStartObject(SafetensorsHeader.MetadataName);
        IEnumerable<KeyValuePair<string, string>> all = metadata.Append(new(Checksum.Name, Checksum.Blank));
        foreach ((string name, string text) in all.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, text);
            if (name == Checksum.Name) end = LengthBytes + (int)(json.BytesCommitted + json.BytesPending) - 1;
        }

        json.WriteEndObject();
        return (end - Checksum.Blank.Length)..end;
    }

    private static void WriteTensor(Utf8JsonWriter json, TensorEntry tensor)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.Name);
        json.WriteStartArray("shape");
        foreach (long size in tensor.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(tensor.Begin);
        json.WriteNumberValue(tensor.End);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

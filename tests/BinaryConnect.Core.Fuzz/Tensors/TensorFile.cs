using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BinaryConnect.Fuzz.Tensors;

/// <summary>
/// A safetensors file that can be changed and written again, right or wrong, without the library's reader and writer.
/// </summary>
internal sealed class TensorFile
{
    private const string MetadataName = "__metadata__";
    private const int LengthBytes = 8, DigestDigits = 64;

    private static readonly byte[] Kind = "sha256:"u8.ToArray();

    // The place of the values, whatever the header claims by now.
    private readonly Dictionary<string, (string Type, int Begin, int End)> _places = [];

    private TensorFile(JsonObject header, byte[] data)
    {
        Header = header;
        Data = data;
        foreach ((string name, JsonNode? entry) in header.Where(pair => pair.Key != MetadataName))
        {
            JsonNode offsets = entry!["data_offsets"]!;
            _places.Add(name, ((string)entry["dtype"]!, (int)offsets[0]!, (int)offsets[1]!));
        }
    }

    public JsonObject Header { get; }

    public byte[] Data { get; private set; }

    public JsonObject Metadata => (JsonObject)Header[MetadataName]!;

    /// <summary>The names of the tensors that are there.</summary>
    public string[] Names => [.. _places.Keys];

    public static TensorFile Parse(byte[] content)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(content);
        var header = (JsonObject)JsonNode.Parse(content.AsSpan(LengthBytes, length))!;
        return new TensorFile(header, content[(LengthBytes + length)..]);
    }

    /// <summary>Type, begin and end of a tensor's values.</summary>
    public (string Type, int Begin, int End) Find(string name) => _places[name];

    /// <summary>The bytes of a tensor's values.</summary>
    public ReadOnlySpan<byte> ValuesOf(string name) => Data.AsSpan(_places[name].Begin.._places[name].End);

    public void Remove(string name)
    {
        Header.Remove(name);
        _places.Remove(name);
    }

    public void Rename(string name, string other)
    {
        (JsonNode entry, (string, int, int) place) = (Header[name]!, _places[name]);
        Remove(name);
        Header[other] = entry;
        _places[other] = place;
    }

    /// <summary>Puts other values in the place of a tensor's; tensors behind it move.</summary>
    public void Replace(string name, byte[] values, JsonNode shape)
    {
        (_, int begin, int end) = _places[name];
        int moved = values.Length - (end - begin);
        Data = [.. Data.AsSpan(0, begin), .. values, .. Data.AsSpan(end)];
        foreach (string other in Names)
        {
            (string type, int start, int stop) = _places[other];
            if (other == name) stop = begin + values.Length;
            else if (start >= end) (start, stop) = (start + moved, stop + moved);
            else continue;
            _places[other] = (type, start, stop);
            SetOffsets(other, start, stop);
        }

        Header[name]!["shape"] = shape;
    }

    public void SetOffsets(string name, int begin, int end) => Header[name]!["data_offsets"] = new JsonArray(begin, end);

    public byte[] ToBytes()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(Header);
        byte[] content = new byte[LengthBytes + json.Length + Data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(content, json.Length);
        json.CopyTo(content, LengthBytes);
        Data.CopyTo(content, LengthBytes + json.Length);
        return content;
    }

    /// <summary>Makes the checksum fit, where there is one that can be found.</summary>
    public static bool TrySeal(byte[] content)
    {
        int at = content.AsSpan().IndexOf(Kind) + Kind.Length;
        if (at < Kind.Length || at + DigestDigits > content.Length) return false;
        Span<byte> digits = content.AsSpan(at, DigestDigits);
        digits.Fill((byte)'0');
        return Encoding.ASCII.TryGetBytes(Convert.ToHexStringLower(SHA256.HashData(content)), digits, out _);
    }
}

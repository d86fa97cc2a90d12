using System.Buffers.Binary;
using BinaryConnect.Inference.Import;

namespace BinaryConnect.Fuzz.Idx;

/// <summary>The parts of a gzip member, each of which may be wrong.</summary>
internal sealed class GzipMember
{
    public const byte Text = 1, HeaderCrc = 2, ExtraField = 4, FileName = 8, Comment = 16;

    public byte Method { get; set; } = 8;

    public byte Flags { get; set; }

    public uint Time { get; set; }

    public byte ExtraFlags { get; set; }

    public byte System { get; set; } = 255;

    /// <summary>Field, name, comment and checksum, as they stand between the fixed header and the body.</summary>
    public byte[] Fields { get; set; } = [];

    public required byte[] Body { get; set; }

    /// <summary>The content before packing, which later damage of the body does not change.</summary>
    public required byte[] Content { get; init; }

    public uint Crc { get; set; }

    public uint Length { get; set; }

    /// <summary>How many bytes of the checksum and length are there.</summary>
    public int TrailerBytes { get; set; } = 8;

    public static GzipMember Of(Random random, ReadOnlySpan<byte> content) => new()
    {
        Content = content.ToArray(),
        Body = content.IsEmpty ? DeflateBody.Empty(random) : DeflateBody.Pack(random, content),
        Crc = Crc32.Append(0, content),
        Length = (uint)content.Length,
    };

    /// <summary>Gives the header optional fields, as the flags say.</summary>
    public void SetFields(Random random, byte flags)
    {
        Flags = flags;
        Fields = [];
        if ((flags & ExtraField) != 0)
        {
            byte[] extra = new byte[random.Next(3) == 0 ? random.Next(5000) : random.Next(20)];
            random.NextBytes(extra);
            Fields = [(byte)extra.Length, (byte)(extra.Length >> 8), .. extra];
        }

        if ((flags & FileName) != 0) Fields = [.. Fields, .. Words(random), 0];
        if ((flags & Comment) != 0) Fields = [.. Fields, .. Words(random), 0];
        if ((flags & HeaderCrc) == 0) return;
        uint crc = Crc32.Append(0, [.. Header(), .. Fields]);
        Fields = [.. Fields, (byte)crc, (byte)(crc >> 8)];
    }

    public byte[] ToArray()
    {
        byte[] trailer = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(4), Length);
        return [.. Header(), .. Fields, .. Body, .. trailer.AsSpan(0, TrailerBytes)];
    }

    private byte[] Header()
    {
        byte[] header = [0x1F, 0x8B, Method, Flags, 0, 0, 0, 0, ExtraFlags, System];
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), Time);
        return header;
    }

    // Any bytes but the zero that ends them.
    private static byte[] Words(Random random)
    {
        byte[] words = new byte[random.Next(3) == 0 ? random.Next(300) : random.Next(12)];
        for (int i = 0; i < words.Length; i++) words[i] = (byte)random.Next(1, 256);
        return words;
    }
}

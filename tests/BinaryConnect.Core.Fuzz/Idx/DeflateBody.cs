using System.IO.Compression;

namespace BinaryConnect.Fuzz.Idx;

/// <summary>Packs bytes into each kind of deflate block.</summary>
internal static class DeflateBody
{
    private const int EndOfBlock = 256;

    /// <summary>Packs into stored blocks, fixed codes or both, of random lengths, or as the runtime does.</summary>
    public static byte[] Pack(Random random, ReadOnlySpan<byte> content)
    {
        switch (random.Next(5))
        {
            case 0: return Blocks(random, content, stored: 1);
            case 1: return Blocks(random, content, stored: 0);
            case 2: return Blocks(random, content, stored: 0.5);
            default: return ByRuntime(content, random.Next(2) == 0 ? CompressionLevel.SmallestSize : CompressionLevel.Fastest);
        }
    }

    /// <summary>One stored block. Its length may be wrong, but always fits its complement.</summary>
    public static byte[] Stored(ReadOnlySpan<byte> content, int claimedLength)
    {
        var writer = new BitWriter();
        WriteStored(writer, content, claimedLength, isFinal: true);
        return writer.ToArray();
    }

    /// <summary>The shortest body: one final block without content.</summary>
    public static byte[] Empty(Random random) => Blocks(random, [], random.Next(2));

    private static byte[] Blocks(Random random, ReadOnlySpan<byte> content, double stored)
    {
        var writer = new BitWriter();
        bool isFinal = false;
        while (!isFinal)
        {
            int length = random.Next(3) == 0 ? content.Length : random.Next(content.Length + 1);
            length = Math.Min(length, ushort.MaxValue);
            isFinal = length == content.Length;
            if (random.NextDouble() < stored) WriteStored(writer, content[..length], length, isFinal);
            else WriteFixed(writer, content[..length], isFinal);
            content = content[length..];
        }

        return writer.ToArray();
    }

    private static void WriteStored(BitWriter writer, ReadOnlySpan<byte> content, int length, bool isFinal)
    {
        writer.Write(isFinal ? 1 : 0, 1);
        writer.Write(0, 2);
        writer.WriteBytes([(byte)length, (byte)(length >> 8), (byte)~length, (byte)(~length >> 8)]);
        writer.WriteBytes(content);
    }

    // Literals alone: 0 to 143 have codes of 8 bits from 0x30, 144 to 255 of 9 bits from 0x190, 256 of 7 bits.
    private static void WriteFixed(BitWriter writer, ReadOnlySpan<byte> content, bool isFinal)
    {
        writer.Write(isFinal ? 1 : 0, 1);
        writer.Write(1, 2);
        foreach (byte value in content)
        {
            if (value < 144) writer.WriteCode(0x30 + value, 8);
            else writer.WriteCode(0x190 + value - 144, 9);
        }

        writer.WriteCode(EndOfBlock - 256, 7);
    }

    private static byte[] ByRuntime(ReadOnlySpan<byte> content, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, level, leaveOpen: true)) deflate.Write(content);
        return content.IsEmpty ? Stored([], 0) : packed.ToArray();
    }
}

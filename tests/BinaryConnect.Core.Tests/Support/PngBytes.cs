using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace BinaryConnect.Tests.Support;

/// <summary>PNG files of 8-bit channels, written without a library.</summary>
internal static class PngBytes
{
    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>An image of grey pixels, [height, width].</summary>
    public static byte[] Grey(int width, int height, byte[] pixels) => Of(width, height, colourType: 0, pixels);

    /// <summary>An image of red, green, blue and opacity, [height, width, 4].</summary>
    public static byte[] Colour(int width, int height, byte[] pixels) => Of(width, height, colourType: 6, pixels);

    /// <summary>A file with a header, and the rows of an image without a filter.</summary>
    public static byte[] Of(int width, int height, byte colourType, byte[] pixels)
    {
        int row = height == 0 ? 0 : pixels.Length / height;
        byte[] header = new byte[13], rows = new byte[height * (row + 1)];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, colourType);
        for (int y = 0; y < height; y++) pixels.AsSpan(y * row, row).CopyTo(rows.AsSpan(y * (row + 1) + 1));
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(rows);
        return [.. Signature, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. content], length = new byte[4], sum = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Sum(body));
        return [.. length, .. body, .. sum];
    }

    private static uint Sum(byte[] body)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in body)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++) sum = (sum & 1) == 1 ? (sum >> 1) ^ 0xEDB88320 : sum >> 1;
        }

        return ~sum;
    }
}

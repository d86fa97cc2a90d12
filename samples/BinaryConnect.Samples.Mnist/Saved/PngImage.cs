using System.Buffers.Binary;
using StbImageSharp;

namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>Reads a PNG as an image like MNIST's: grey, 28 × 28.</summary>
internal static class PngImage
{
    private const long MostBytes = 1 << 28;
    private const uint Polynomial = 0xEDB88320;

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether a file starts as a PNG.</summary>
    public static bool IsPng(ReadOnlySpan<byte> start) => start.StartsWith(Signature);

    /// <summary>
    /// Reads an image. Colours become grey, and transparent pixels black. A larger image is scaled down: a pixel is the
    /// mean of the area it covers.
    /// </summary>
    /// <returns>The pixels, [28, 28].</returns>
    /// <exception cref="InvalidDataException">It is damaged, not square, too small or too large.</exception>
    public static byte[] ReadDigit(string file)
    {
        long length = new FileInfo(file).Length;
        if (length > MostBytes) throw Fault(file, $"it has {length:N0} bytes; a PNG must have at most {MostBytes:N0}");
        byte[] bytes = File.ReadAllBytes(file);
        CheckChunks(file, bytes);
        int width = (int)Math.Min(Number(bytes, 16), int.MaxValue), height = (int)Math.Min(Number(bytes, 20), int.MaxValue);
        Digit.CheckSize(file, width, height);
        return Digit.ScaleDown(Decode(file, bytes), width);
    }

    // The decoder does not compare checksums.
    private static void CheckChunks(string file, ReadOnlySpan<byte> bytes)
    {
        int begin = Signature.Length;
        bool ends = false;
        while (!ends)
        {
            uint length = begin + 12 <= bytes.Length ? Number(bytes, begin) : uint.MaxValue;
            if (length > bytes.Length - begin - 12) throw Fault(file, $"it ends in the chunk at byte {begin:N0}");
            ReadOnlySpan<byte> chunk = bytes.Slice(begin + 4, (int)length + 4);
            if (Checksum(chunk) != Number(bytes, begin + 8 + (int)length))
                throw Fault(file, $"the checksum of the chunk at byte {begin:N0} is wrong; the file is damaged");
            if (begin == Signature.Length && (length != 13 || !chunk.StartsWith("IHDR"u8)))
                throw Fault(file, "its first chunk is no image header");
            ends = chunk.StartsWith("IEND"u8);
            begin += 12 + (int)length;
        }
    }

    // Grey of each pixel, times its opacity: [height, width].
    private static byte[] Decode(string file, byte[] bytes)
    {
        try
        {
            byte[] pairs = ImageResult.FromMemory(bytes, ColorComponents.GreyAlpha).Data;
            byte[] grey = new byte[pairs.Length / 2];
            for (int i = 0; i < grey.Length; i++) grey[i] = (byte)((pairs[2 * i] * pairs[2 * i + 1] + 127) / 255);
            return grey;
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException or ArithmeticException)
        {
            throw Fault(file, $"it cannot be decoded ({fault.Message.TrimEnd('.')})");
        }
    }

    // CRC-32 of type and content, bit by bit.
    private static uint Checksum(ReadOnlySpan<byte> chunk)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in chunk)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++) sum = (sum >> 1) ^ ((sum & 1) * Polynomial);
        }

        return ~sum;
    }

    private static uint Number(ReadOnlySpan<byte> bytes, int begin) => BinaryPrimitives.ReadUInt32BigEndian(bytes[begin..]);

    private static InvalidDataException Fault(string file, string fault) => new($"{file}: {fault}.");
}

namespace BinaryConnect.Inference.Import;

/// <summary>The checksum of ZIP files, which .NET does not compare.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(index => Step((uint)index))];

    /// <summary>Goes on with a checksum, which begins as 0.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        uint rest = ~checksum;
        foreach (byte value in bytes) rest = Table[(byte)(rest ^ value)] ^ rest >> 8;
        return ~rest;
    }

    private static uint Step(uint rest)
    {
        for (int bit = 0; bit < 8; bit++) rest = (rest & 1) != 0 ? Polynomial ^ rest >> 1 : rest >> 1;
        return rest;
    }
}

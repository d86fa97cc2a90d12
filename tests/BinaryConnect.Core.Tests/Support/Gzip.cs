using System.IO.Compression;

namespace BinaryConnect.Tests.Support;

/// <summary>Packs, as the runtime does.</summary>
internal static class Gzip
{
    /// <summary>One member, also for no content at all, for which the runtime writes nothing.</summary>
    public static byte[] Pack(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        if (content.Length == 0) return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level, leaveOpen: true)) gzip.Write(content);
        return packed.ToArray();
    }
}

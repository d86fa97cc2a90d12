using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BinaryConnect.Data;

/// <summary>
/// Tells one data set or order from another, by the first 64 bits of a SHA-256. All labels count. Features count for at
/// most 1,024 rows, at equal distances in the data set, so that it takes only a moment.
/// </summary>
internal static class Fingerprint
{
    private const int MostRows = 1024;

    /// <summary>The fingerprint of an order, 16 hexadecimal digits.</summary>
    public static string Of(ReadOnlySpan<int> order)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(order));
        return Text(hash);
    }

    /// <summary>
    /// The fingerprint of labels [n] and features [n, f], 16 hexadecimal digits. It does not cover sizes and scaling.
    /// </summary>
    public static string Of<T>(ReadOnlySpan<int> labels, ReadOnlySpan<T> features)
        where T : unmanaged
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(labels));
        int rows = Math.Min(MostRows, labels.Length), width = features.Length / labels.Length;
        for (int i = 0; i < rows; i++)
        {
            int row = (int)((long)i * (labels.Length - 1) / Math.Max(1, rows - 1));
            hash.AppendData(MemoryMarshal.AsBytes(features.Slice(row * width, width)));
        }

        return Text(hash);
    }

    private static string Text(IncrementalHash hash) =>
        Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, sizeof(ulong)));
}

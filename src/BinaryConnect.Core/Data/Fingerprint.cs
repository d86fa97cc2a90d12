using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BinaryConnect.Data;

/// <summary>
/// Tells one data set or order from another: the first 64 bits of a SHA-256. Features count for as many rows as are read in a
/// moment, spread over the whole data set; labels count in full.
/// </summary>
internal static class Fingerprint
{
    private const int MostRows = 1024;

    /// <summary>16 hexadecimal digits.</summary>
    public static string Of(ReadOnlySpan<int> order)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(order));
        return Text(hash);
    }

    /// <summary>16 hexadecimal digits for labels and features; sizes and scaling are told apart from them.</summary>
    public static string Of(Dataset data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(data.Labels));
        int rows = Math.Min(MostRows, data.Count);
        for (int i = 0; i < rows; i++)
        {
            Batch row = data.ViewStored((int)((long)i * (data.Count - 1) / Math.Max(1, rows - 1)), 1);
            hash.AppendData(row.HasBytes ? row.ByteRow(0) : MemoryMarshal.AsBytes(row.Features));
        }

        return Text(hash);
    }

    private static string Text(IncrementalHash hash) =>
        Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, sizeof(ulong)));
}

using System.Buffers;
using System.Security.Cryptography;

namespace BinaryConnect.Files;

/// <summary>
/// The checksum in a file's metadata: "sha256:" and 64 hexadecimal digits. It is the SHA-256 of the whole file with 0
/// for each of these digits. So it covers names, types, shapes and metadata as well as values.
/// </summary>
internal static class Checksum
{
    /// <summary>Its name in the metadata.</summary>
    public const string Name = "checksum";

    private const int DigitCount = 2 * SHA256.HashSizeInBytes;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>The text that stands for a checksum until it is known.</summary>
    public static readonly string Blank = "sha256:" + new string('0', DigitCount);

    /// <summary>Whether a text, as UTF-8, has the form of a checksum.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> text) =>
        text.Length == Blank.Length && text.StartsWith("sha256:"u8) && !text[^DigitCount..].ContainsAnyExcept(Digits);

    /// <summary>Sets each digit to 0.</summary>
    public static void Clear(Span<byte> text) => text[^DigitCount..].Fill((byte)'0');

    /// <summary>Sets the digits to those of a hash.</summary>
    public static void Set(Span<byte> text, ReadOnlySpan<byte> hash) =>
        Convert.TryToHexStringLower(hash, text[^DigitCount..], out _);
}

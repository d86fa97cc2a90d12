using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BinaryConnect.Files;
using BinaryConnect.Guards;

namespace BinaryConnect.Inference.Import;

/// <summary>
/// The header of an array of NumPy (.npy): a magic, a version, a length, and the text of a Python dict.
/// </summary>
/// <param name="Type">The type of the values.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="IsColumnMajor">Whether the first size is the fastest.</param>
/// <param name="Length">The bytes before the first value.</param>
internal sealed partial record NpyHeader(DataType Type, long[] Shape, bool IsColumnMajor, int Length)
{
    private const int MostTextBytes = 1 << 16;

    private static readonly Dictionary<string, string> Types = new()
    {
        ["<f8"] = "F64",
        ["<f4"] = "F32",
        ["<f2"] = "F16",
        ["<i8"] = "I64",
        ["<i4"] = "I32",
        ["|i1"] = "I8",
        ["<u8"] = "U64",
        ["<u4"] = "U32",
        ["|u1"] = "U8",
    };

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a header, and leaves the stream at the first value.</summary>
    /// <exception cref="FormatException">
    /// It is none, or has values that are not read here; the message says why.
    /// </exception>
    /// <exception cref="EndOfStreamException">The stream ends within it.</exception>
    public static NpyHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[8];
        stream.ReadExactly(start);
        if (!start.StartsWith(Magic)) throw new FormatException("does not start with the magic of NumPy's arrays");
        if (start[6] is not (1 or 2 or 3)) throw new FormatException($"has version {start[6]}; it must be 1, 2 or 3");
        Span<byte> size = stackalloc byte[start[6] == 1 ? sizeof(ushort) : sizeof(uint)];
        stream.ReadExactly(size);
        uint length = size.Length == sizeof(ushort)
            ? BinaryPrimitives.ReadUInt16LittleEndian(size)
            : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > MostTextBytes)
            throw new FormatException($"has a header of {length:N0} bytes; it must have at most {MostTextBytes:N0}");
        byte[] text = new byte[length];
        stream.ReadExactly(text);
        return Parse(Encoding.Latin1.GetString(text), start.Length + size.Length + text.Length);
    }

    private static NpyHeader Parse(string text, int length)
    {
        Match match = Dictionary().Match(text);
        if (!match.Success)
            throw new FormatException(
                $"has the header '{Excerpt.Of(text.TrimEnd())}'; it must have descr, fortran_order and shape of one plain array");
        string descr = match.Groups["descr"].Value;
        if (!Types.TryGetValue(descr, out string? type))
            throw new FormatException(
                $"has values of '{Excerpt.Of(descr)}'; they must be of one of {string.Join(", ", Types.Keys)}");
        string[] sizes = match.Groups["shape"].Value.Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (sizes.Length > Files.Shape.MostSizes)
            throw new FormatException($"has {sizes.Length:N0} sizes; it must have at most {Files.Shape.MostSizes}");
        return new NpyHeader(
            Array.Find(DataType.All, one => one.Name == type)!,
            [.. sizes.Select(SizeOf)],
            match.Groups["order"].Value == "True",
            length);
    }

    private static long SizeOf(string digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long size)
            ? size
            : throw new FormatException($"has a size of '{Excerpt.Of(digits)}'; it must be at most {long.MaxValue:N0}");

    // NumPy writes the three keys in this order, whatever wrote the array.
    [GeneratedRegex(
        @"^\{\s*'descr':\s*'(?<descr>[^']*)',\s*'fortran_order':\s*(?<order>True|False),"
        + @"\s*'shape':\s*\((?<shape>[0-9, ]*)\),?\s*\}\s*$")]
    private static partial Regex Dictionary();
}

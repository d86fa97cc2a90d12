using System.Buffers.Binary;
using System.Text;

namespace BinaryConnect.Fuzz.Tensors;

/// <summary>Damage to the text of a header that a JSON writer would not make.</summary>
internal static class HeaderChanges
{
    private const int LengthBytes = 8;

    private static readonly string[] Numbers =
        ["-1", "1.5", "1e1", "01", "9223372036854775808", "null", "\"5\"", "[]", "{}", "true", "\u0665", "1e400", "-0"];

    /// <summary>Changes the text in one way of many, and makes its length fit.</summary>
    public static byte[] Apply(Random random, byte[] content, out string change)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(content);
        string text = Encoding.UTF8.GetString(content, LengthBytes, length);
        int at = random.Next(text.Length);
        string changed = random.Next(6) switch
        {
            0 => Repeated(text, at),
            1 => text[..at] + "\\u" + ((int)text[at]).ToString("x4", null) + text[(at + 1)..],
            2 => WithNumber(random, text, at),
            3 => text + new string(' ', random.Next(50)),
            4 => text[..at] + (char)random.Next(0x20, 0x3000) + text[(at + 1)..],
            _ => text[..at] + "\\ud800" + text[at..],
        };
        change = $"header changed at {at}";
        byte[] header = Encoding.UTF8.GetBytes(changed);
        byte[] result = new byte[LengthBytes + header.Length + content.Length - LengthBytes - length];
        BinaryPrimitives.WriteInt64LittleEndian(result, header.Length);
        header.CopyTo(result, LengthBytes);
        content.AsSpan(LengthBytes + length).CopyTo(result.AsSpan(LengthBytes + header.Length));
        return result;
    }

    // An entry of text, or of a tensor's fields, is there twice.
    private static string Repeated(string text, int at)
    {
        int start = text.IndexOf(",\"", at, StringComparison.Ordinal);
        int end = start < 0 ? -1 : text.IndexOf(",\"", start + 1, StringComparison.Ordinal);
        return end < 0 ? text + text : text.Insert(end, text[start..end]);
    }

    private static string WithNumber(Random random, string text, int at)
    {
        int start = text.IndexOfAny([.. "0123456789"], at);
        if (start < 0) return text;
        int end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return text[..start] + Numbers[random.Next(Numbers.Length)] + text[end..];
    }
}

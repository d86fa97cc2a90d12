using System.Globalization;
using System.Text;

namespace BinaryConnect.Guards;

/// <summary>Shortens texts of unknown length and content, so that they fit a message of one line.</summary>
internal static class Excerpt
{
    private const int Longest = 120, MostItems = 10;

    /// <summary>
    /// The start of a text, with its length if it was cut. Control characters are written as \u and 4 digits.
    /// </summary>
    public static string Of(string? text)
    {
        if (text is null) return "null";
        bool isCut = text.Length > Longest;
        string start = OneLine(isCut ? text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)] : text);
        return isCut ? $"{start}… ({text.Length.ToString("N0", CultureInfo.InvariantCulture)} characters)" : start;
    }

    /// <summary>A text of any length, with control characters written as \u and 4 digits.</summary>
    public static string OneLine(string text)
    {
        if (!text.Any(char.IsControl)) return text;
        var escaped = new StringBuilder();
        foreach (char character in text)
            escaped.Append(char.IsControl(character) ? $"\\u{(int)character:x4}" : character.ToString());
        return escaped.ToString();
    }

    /// <summary>The first texts, each in quotes, and the number of the others.</summary>
    public static string OfAll(IReadOnlyCollection<string> texts)
    {
        string first = string.Join(", ", texts.Take(MostItems).Select(text => $"'{Of(text)}'"));
        return texts.Count > MostItems ? $"{first} and {texts.Count - MostItems:N0} more" : first;
    }
}

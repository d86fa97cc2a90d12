using System.Text.RegularExpressions;

namespace BinaryConnect.PackageFiles;

/// <summary>
/// A README for a package page, where relative links lead nowhere: their text stays, with the path in the checkout
/// after it unless the text is the path. Code and absolute links stay as they are.
/// </summary>
internal static partial class PackageReadme
{
    /// <summary>Rewrites a README.</summary>
    /// <exception cref="InvalidDataException">It has a relative link that is not of the form [text](path).</exception>
    public static string From(string readme)
    {
        string written = CodeOrLink().Replace(readme.ReplaceLineEndings("\n"), WithoutLink);
        Match other = OtherLink().Match(CodeOrLink().Replace(written, ""));
        if (!other.Success) return written;
        throw new InvalidDataException(
            $"The README has a relative link, '{other.Value.Trim()}'; it must be of the form [text](path).");
    }

    private static string WithoutLink(Match match)
    {
        string target = match.Groups["target"].Value;
        if (match.Groups["code"].Success) return match.Value;
        string link = match.Groups["text"].Value, text = CodeOrLink().Replace(link, WithoutLink);
        if (Absolute().IsMatch(target)) return match.Value.Replace(link, text, StringComparison.Ordinal);
        string path = target.Split('#')[0];
        bool isPicture = match.Groups["picture"].Length > 0;
        return isPicture || path.Length == 0 || text.Trim('`') == path ? text : $"{text} ({path})";
    }

    // A fenced block, a code span, or a link. "!" makes a link a picture, and a picture may be the text of a link.
    [GeneratedRegex(
        """
        (?<code> ^\ *(?<fence>```+|~~~+) .*? ^\ *\k<fence> [^\n]*$ | (?<!`)(?<tick>`+)(?!`) .*? (?<!`)\k<tick>(?!`) )
        | (?<picture>!?) \[ (?<text> (?: [^\[\]] | \[[^\[\]]*\] )* ) \]
          \( \s* <? (?<target> [^\s<>()]+ ) >? (?: \s+ (?: "[^"]*" | '[^']*' ) )? \s* \)
        """,
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CodeOrLink();

    [GeneratedRegex("^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase)]
    private static partial Regex Absolute();

    // References such as "[1]: docs/a.md", and HTML.
    [GeneratedRegex(
        """
        ^\ {0,3} \[ [^\]]+ \]: \s* (?! [a-z][a-z0-9+.-]*: ) \S+
        | <(?:a|img)\b [^>]* \b(?:href|src) \s*=\s* ["']? (?! [a-z][a-z0-9+.-]*: ) [^"'\s>]+
        """,
        RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex OtherLink();
}

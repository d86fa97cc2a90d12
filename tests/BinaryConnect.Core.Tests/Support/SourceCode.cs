using System.Text.RegularExpressions;

namespace BinaryConnect.Tests.Support;

/// <summary>What a source file says to the compiler.</summary>
internal static partial class SourceCode
{
    /// <summary>The text without comments and strings, where names mean nothing.</summary>
    public static string Of(string path) => CommentOrString().Replace(File.ReadAllText(path).ReplaceLineEndings("\n"), "");

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/|""(?:[^""\\\n]|\\.)*""", RegexOptions.Singleline)]
    private static partial Regex CommentOrString();
}

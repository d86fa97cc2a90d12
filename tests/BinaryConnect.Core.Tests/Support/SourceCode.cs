using System.Text.RegularExpressions;

namespace BinaryConnect.Tests.Support;

/// <summary>The code of a source file.</summary>
internal static partial class SourceCode
{
    /// <summary>The code without comments and strings, whose words are not names of code.</summary>
    public static string Of(string path) => CommentOrString().Replace(File.ReadAllText(path).ReplaceLineEndings("\n"), "");

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/|""(?:[^""\\\n]|\\.)*""", RegexOptions.Singleline)]
    private static partial Regex CommentOrString();
}

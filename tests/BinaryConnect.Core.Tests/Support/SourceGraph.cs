using System.Text.RegularExpressions;

namespace BinaryConnect.Tests.Support;

/// <summary>
/// The source files of the library, and the types that each mentions in code, outside comments and strings. A file
/// holds one type and is named after it; nested types belong to their file.
/// </summary>
internal static partial class SourceGraph
{
    private static readonly string Library = Repository.PathOf("src", "BinaryConnect.Core");

    /// <summary>
    /// The path of each file from the library's folder, with forward slashes, by the name of its type.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Files { get; } =
        Directory.EnumerateFiles(Library, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Library, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(
                file => !file.StartsWith("bin/", StringComparison.Ordinal) && !file.StartsWith("obj/", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal);

    /// <summary>The types that each type mentions.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Uses { get; } =
        Files.Keys.ToDictionary(type => type, type => MentionsOf(type, CodeOf(Files[type])), StringComparer.Ordinal);

    /// <summary>The folder of a type's file, such as "Kernels/Gemm".</summary>
    public static string RoomOf(string type) => Path.GetDirectoryName(Files[type])!.Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>The code of a file, without its comments, strings and using directives.</summary>
    public static string CodeOf(string file) => Using().Replace(SourceCode.Of(Path.Combine(Library, file)), "");

    /// <summary>How many lines a file has.</summary>
    public static int LinesOf(string file) => File.ReadLines(Path.Combine(Library, file)).Count();

    /// <summary>
    /// The names of <see cref="Files"/> used as types in the code: no member after a dot, declared member or enum
    /// value.
    /// </summary>
    public static IReadOnlySet<string> MentionsOf(string type, string code)
    {
        string withoutValues = EnumValue().Replace(code, "");
        return Identifier().Matches(withoutValues).Select(match => match.Value)
            .Where(name => name != type && Files.ContainsKey(name)).ToHashSet(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^using [^;]*;", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^\s*\w+(?: = [^,\n]+)?,\s*$", RegexOptions.Multiline)]
    private static partial Regex EnumValue();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*\b(?!\s*(?:=>|\{ get|=(?!=)))")]
    private static partial Regex Identifier();
}

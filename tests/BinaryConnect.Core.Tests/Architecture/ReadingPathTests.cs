using System.Text.RegularExpressions;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Architecture;

/// <summary>
/// Checks the reading path in CONTRIBUTING.md against the sources: an earlier file uses each file, and the path is
/// short.
/// </summary>
internal sealed partial class ForwardPathTests
{
    private const int MostFiles = 14, MostLines = 2_120;

    private static string[] Path { get; } = PathOf(File.ReadAllText(Repository.PathOf("CONTRIBUTING.md")));

    [Test]
    public void The_path_is_short()
    {
        Assert.That(Path, Has.Length.InRange(5, MostFiles));
        Assert.That(Path.Sum(SourceGraph.LinesOf), Is.AtMost(MostLines));
    }

    [Test]
    public void Each_file_is_used_by_one_before_it()
    {
        string[] types = [.. Path.Select(file => System.IO.Path.GetFileNameWithoutExtension(file))];
        string[] strangers = [.. types.Skip(1).Where((type, i) => !types.Take(i + 1).Any(before => Leads(before, type)))];

        Assert.That(Path, Is.SubsetOf(SourceGraph.Files.Values));
        Assert.That(strangers, Is.Empty);
    }

    [Test]
    public void The_path_leads_from_the_model_to_the_instructions()
    {
        Assert.That(Path[0], Is.EqualTo("Models/Sequential.cs"));
        Assert.That(Path, Does.Contain("Kernels/ByteSignGemm/ByteLanes512.cs"));
    }

    // A file leads to the types that it names, and to those behind a base class that it names.
    private static bool Leads(string before, string type)
    {
        string code = SourceGraph.CodeOf(SourceGraph.Files[type]);
        string baseType = BaseOf().Match(code).Groups["base"].Value;
        return SourceGraph.Uses[before].Contains(type) || SourceGraph.Uses[before].Contains(baseType);
    }

    private static string[] PathOf(string text)
    {
        string list = List().Match(text).Groups["list"].Value;
        return [.. Entry().Matches(list).Select(match => match.Groups["file"].Value)];
    }

    [GeneratedRegex(@"class \w+ : (?<base>\w+)")]
    private static partial Regex BaseOf();

    [GeneratedRegex(@"## Follow a forward pass\n(?<list>.*?)\n## ", RegexOptions.Singleline)]
    private static partial Regex List();

    [GeneratedRegex(@"^\d+\. `(?<file>[\w/]+\.cs)`", RegexOptions.Multiline)]
    private static partial Regex Entry();
}

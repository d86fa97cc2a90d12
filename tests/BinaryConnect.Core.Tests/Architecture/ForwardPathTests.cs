using System.Text.RegularExpressions;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Architecture;

/// <summary>Holds the reading path that CONTRIBUTING.md gives to the sources: each file is used by one before it, and they are few.</summary>
internal sealed partial class ForwardPathTests
{
    private const int MostFiles = 12, MostLines = 1_400;

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
        string[] strangers = [.. types.Skip(1).Where((type, i) => !types.Take(i + 1).Any(before => SourceGraph.Uses[before].Contains(type)))];

        Assert.That(Path, Is.SubsetOf(SourceGraph.Files.Values));
        Assert.That(strangers, Is.Empty);
    }

    [Test]
    public void The_path_leads_from_the_model_to_the_instructions()
    {
        Assert.That(Path[0], Is.EqualTo("Models/LogisticModel.cs"));
        Assert.That(Path, Does.Contain("Kernels/ByteSignGemm/ByteLanes512.cs"));
    }

    private static string[] PathOf(string text)
    {
        string list = List().Match(text).Groups["list"].Value;
        return [.. Entry().Matches(list).Select(match => match.Groups["file"].Value)];
    }

    [GeneratedRegex(@"## Follow a forward pass\n(?<list>.*?)\n## ", RegexOptions.Singleline)]
    private static partial Regex List();

    [GeneratedRegex(@"^\d+\. `(?<file>[\w/]+\.cs)`", RegexOptions.Multiline)]
    private static partial Regex Entry();
}

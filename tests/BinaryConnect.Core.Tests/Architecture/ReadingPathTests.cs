using System.Text.RegularExpressions;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Architecture;

/// <summary>
/// Checks the reading paths in CONTRIBUTING.md against the sources: an earlier file uses each file, and the forward
/// pass is short.
/// </summary>
internal sealed partial class ReadingPathTests
{
    private const int MostFiles = 14, MostLines = 2_120;

    private static readonly string[] Titles =
        ["Follow a training step", "Follow a forward pass", "Follow a packed prediction"];

    private static string[] ForwardPass => PathOf(Titles[1]);

    [Test]
    public void The_forward_pass_is_short()
    {
        Assert.That(ForwardPass, Has.Length.InRange(5, MostFiles));
        Assert.That(ForwardPass.Sum(SourceGraph.LinesOf), Is.AtMost(MostLines));
    }

    [TestCaseSource(nameof(Titles))]
    public void Each_file_is_used_by_one_before_it(string title)
    {
        string[] path = PathOf(title), types = [.. path.Select(file => Path.GetFileNameWithoutExtension(file))];
        string[] strangers = [.. types.Skip(1).Where((type, i) => !types.Take(i + 1).Any(before => Leads(before, type)))];

        Assert.That(path, Has.Length.AtLeast(5).And.SubsetOf(SourceGraph.Files.Values));
        Assert.That(strangers, Is.Empty);
    }

    [Test]
    public void The_forward_pass_leads_from_the_model_to_the_instructions()
    {
        Assert.That(ForwardPass[0], Is.EqualTo("Models/Sequential.cs"));
        Assert.That(ForwardPass, Does.Contain("Kernels/ByteSignGemm/ByteLanes512.cs"));
    }

    // A file leads to the types that it names, and to those behind a base class that it names.
    private static bool Leads(string before, string type)
    {
        string code = SourceGraph.CodeOf(SourceGraph.Files[type]);
        string baseType = BaseOf().Match(code).Groups["base"].Value;
        return SourceGraph.Uses[before].Contains(type) || SourceGraph.Uses[before].Contains(baseType);
    }

    private static string[] PathOf(string title)
    {
        string text = File.ReadAllText(Repository.PathOf("CONTRIBUTING.md")).ReplaceLineEndings("\n");
        string list = text.Split($"\n## {title}\n")[1].Split("\n## ")[0];
        return [.. Entry().Matches(list).Select(match => match.Groups["file"].Value)];
    }

    [GeneratedRegex(@"class \w+ : (?<base>\w+)")]
    private static partial Regex BaseOf();

    [GeneratedRegex(@"^\d+\. `(?<file>[\w/]+\.cs)`", RegexOptions.Multiline)]
    private static partial Regex Entry();
}

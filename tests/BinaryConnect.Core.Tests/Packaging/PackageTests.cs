using System.Text.RegularExpressions;
using System.Xml.Linq;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Packaging;

/// <summary>The files of the package and what they say.</summary>
internal sealed partial class PackageTests
{
    [Test]
    public void The_package_says_what_it_is()
    {
        XElement metadata = Nuspec().Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

        Assert.That(Value("license"), Is.EqualTo("MIT"));
        Assert.That(Value("readme"), Is.EqualTo("README.md"));
        Assert.That(Value("icon"), Is.EqualTo("icon.png"));
        Assert.That(Value("description"), Does.Contain("BinaryConnect"));
        Assert.That(Value("tags"), Does.Contain("binaryconnect"));
        Assert.That(
            metadata.Descendants().Where(element => element.Name.LocalName == "dependency")
                .Select(element => element.Attribute("id")!.Value),
            Is.EquivalentTo(new[] { "Microsoft.Extensions.Logging.Abstractions", "System.Numerics.Tensors" }));
        string[] expected =
        [
            "README.md", "icon.png", "lib/net10.0/BinaryConnect.Core.dll", "lib/net10.0/BinaryConnect.Core.xml",
            "buildTransitive/BinaryConnect.Core.targets",
        ];
        Assert.That(Package.Entries, Is.SupersetOf(expected));
        Assert.That(Path.ChangeExtension(Package.File, ".snupkg"), Does.Exist);
    }

    [Test]
    public void The_repository_is_the_git_remote_or_nothing()
    {
        XElement? repository = Nuspec().Descendants().SingleOrDefault(element => element.Name.LocalName == "repository");
        string? url = repository?.Attribute("url")?.Value;
        string remote = Command.Run(Repository.Root, "git", "remote", "get-url", "origin").Output.Trim();

        Assert.That(
            url is null || remote.EndsWith(Path.GetFileName(url), StringComparison.Ordinal), $"'{url}' is not '{remote}'");
    }

    [Test]
    public void The_readme_has_no_relative_link_and_every_absolute_one()
    {
        string packed = Package.Text("README.md"), source = File.ReadAllText(Repository.PathOf("README.md"));
        string[] Targets(string text) =>
            [.. Target().Matches(Code().Replace(text, "")).Select(match => match.Groups["target"].Value)];
        string[] Programs(string text) => [.. CSharpBlock().Matches(text).Select(match => match.Value)];
        bool IsAbsolute(string target) => target.StartsWith("https://", StringComparison.Ordinal);

        Assert.That(Targets(packed), Is.EqualTo(Targets(source).Where(IsAbsolute)));
        Assert.That(Targets(source).Where(IsAbsolute), Is.Not.Empty);
        Assert.That(Targets(source).Where(target => !IsAbsolute(target)), Is.Not.Empty, "there must be something to rewrite");
        Assert.That(Programs(packed), Is.EqualTo(Programs(source.ReplaceLineEndings("\n"))).And.Not.Empty);
    }

    private static XDocument Nuspec() => XDocument.Parse(Package.Text("BinaryConnect.Core.nuspec").TrimStart('\uFEFF'));

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(
        @"\]\(\s*<?(?<target>[^\s)>]+)|^\s*\[[^\]]+\]:\s*(?<target>\S+)|\b(?:href|src)\s*=\s*[""']?(?<target>[^\s""'>]+)",
        RegexOptions.Multiline)]
    private static partial Regex Target();

    [GeneratedRegex("^```.*?^```$|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();
}

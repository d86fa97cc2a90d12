using System.Text.RegularExpressions;
using System.Xml.Linq;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Packaging;

/// <summary>
/// The package as a user gets it: packed, and restored from a local folder into new console projects outside the
/// checkout. There every C# program of README.md is built and run against it.
/// </summary>
internal sealed partial class PackageTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Begin()
    {
        _folder = new TemporaryFolder();
        Package.WriteNuGetConfig(_folder);
    }

    [OneTimeTearDown]
    public void CleanUp() => _folder.Dispose();

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

    [TestCaseSource(nameof(Programs))]
    public void A_program_of_the_readme_builds_and_runs_against_the_package(string title, string program, string expectedOutput)
    {
        string name = "Readme" + title.Replace(" ", "", StringComparison.Ordinal);
        string folder = Directory.CreateDirectory(_folder.PathOf(name)).FullName;
        File.WriteAllText(Path.Combine(folder, name + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <RestorePackagesPath>{_folder.PathOf("packages")}</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="BinaryConnect.Core" Version="{Package.Version}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);

        Command.Succeed(folder, "dotnet", "build", "-c", "Release", "-o", Path.Combine(folder, "out"));
        string output = Command.Succeed(Repository.Root, "dotnet", Path.Combine(folder, "out", name + ".dll"));

        Assert.That(output.Trim(), Does.Match(expectedOutput));
    }

    private static XDocument Nuspec() => XDocument.Parse(Package.Text("BinaryConnect.Core.nuspec").TrimStart('\uFEFF'));

    private static IEnumerable<TestCaseData> Programs()
    {
        Dictionary<string, string> expected = new()
        {
            ["Quick start"] = @"^Test accuracy 0\.91\d\d, one bit a weight\nThe first test image is a 7$",
            ["Your own table"] = @"^Test accuracy (0\.9\d\d|1\.000)$",
            ["Your own network"] = @"^layer [\s\S]*\nTest accuracy 0\.9[5-8]\d+ after [\d.]+ s\nThe first test image is a \d$",
            ["One bit a weight"] = @"^1,5\d\d bytes; the first test image is a \d$",
            ["Your own loop"] = @"^(step \d+: loss \d+\.\d{3}, \d+ signs flipped\n?){5}$",
            ["Your own binarizer"] = @"^Test accuracy 0\.[89]\d+$",
            ["Your own schedule"] = @"^Test accuracy 0\.[6-9]\d+$",
        };
        string readme = File.ReadAllText(Repository.PathOf("README.md")).ReplaceLineEndings("\n");
        foreach (Match block in CSharpBlock().Matches(readme))
        {
            string title = Heading().Matches(readme[..block.Index])[^1].Groups["title"].Value;
            if (!expected.Remove(title, out string? output))
                throw new InvalidOperationException($"README.md has a C# program under '{title}' whose output no test knows.");
            yield return new TestCaseData(title, block.Groups["code"].Value, output).SetArgDisplayNames(title);
        }

        if (expected.Count > 0)
            throw new InvalidOperationException($"README.md has no C# program under '{string.Join("', '", expected.Keys)}'.");
    }

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(
        @"\]\(\s*<?(?<target>[^\s)>]+)|^\s*\[[^\]]+\]:\s*(?<target>\S+)|\b(?:href|src)\s*=\s*[""']?(?<target>[^\s""'>]+)",
        RegexOptions.Multiline)]
    private static partial Regex Target();

    [GeneratedRegex("^```.*?^```$|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^#+ (?<title>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}

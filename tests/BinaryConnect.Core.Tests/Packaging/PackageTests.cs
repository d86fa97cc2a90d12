using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Packaging;

/// <summary>
/// The package as a stranger gets it: packed, restored from a local folder into fresh console projects outside the checkout,
/// where every C# program of README.md is built and run against it.
/// </summary>
internal sealed partial class PackageTests
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private TemporaryFolder _folder = null!;
    private string _version = "";

    [OneTimeSetUp]
    public void Pack()
    {
        _folder = new TemporaryFolder();
        Command.Succeed(Repository.Root, "dotnet", "pack", "src/BinaryConnect.Core", "-c", Configuration, "--no-build", "-o", _folder.PathOf("feed"));
        string package = Directory.GetFiles(_folder.PathOf("feed"), "*.nupkg").Single();
        _version = Path.GetFileNameWithoutExtension(package)["BinaryConnect.Core.".Length..];
        WriteNuGetConfig();
    }

    [OneTimeTearDown]
    public void CleanUp() => _folder.Dispose();

    [Test]
    public void The_package_says_what_it_is()
    {
        using ZipArchive package = ZipFile.OpenRead(_folder.PathOf($"feed/BinaryConnect.Core.{_version}.nupkg"));
        using Stream nuspec = package.GetEntry("BinaryConnect.Core.nuspec")!.Open();
        XElement metadata = XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

        Assert.That(Value("license"), Is.EqualTo("MIT"));
        Assert.That(Value("readme"), Is.EqualTo("README.md"));
        Assert.That(Value("icon"), Is.EqualTo("icon.png"));
        Assert.That(Value("description"), Does.Contain("BinaryConnect"));
        Assert.That(Value("tags"), Does.Contain("binaryconnect"));
        Assert.That(
            metadata.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value),
            Is.EquivalentTo(new[] { "Microsoft.Extensions.Logging.Abstractions", "System.Numerics.Tensors" }));
        string[] files = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.That(files, Is.SupersetOf(new[] { "README.md", "icon.png", "lib/net10.0/BinaryConnect.Core.dll", "lib/net10.0/BinaryConnect.Core.xml" }));
        Assert.That(_folder.PathOf($"feed/BinaryConnect.Core.{_version}.snupkg"), Does.Exist);
    }

    [Test]
    public void The_repository_is_the_git_remote_or_nothing()
    {
        using ZipArchive package = ZipFile.OpenRead(_folder.PathOf($"feed/BinaryConnect.Core.{_version}.nupkg"));
        using Stream nuspec = package.GetEntry("BinaryConnect.Core.nuspec")!.Open();
        string? url = XDocument.Load(nuspec).Descendants().SingleOrDefault(element => element.Name.LocalName == "repository")?.Attribute("url")?.Value;
        string remote = Command.Run(Repository.Root, "git", "remote", "get-url", "origin").Output.Trim();

        Assert.That(url is null || remote.EndsWith(Path.GetFileName(url), StringComparison.Ordinal), $"'{url}' is not '{remote}'");
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
                <PackageReference Include="BinaryConnect.Core" Version="{_version}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);

        Command.Succeed(folder, "dotnet", "build", "-c", "Release", "-o", Path.Combine(folder, "out"));
        string output = Command.Succeed(Repository.Root, "dotnet", Path.Combine(folder, "out", name + ".dll"));

        Assert.That(output.Trim(), Does.Match(expectedOutput));
    }

    private static IEnumerable<TestCaseData> Programs()
    {
        Dictionary<string, string> expected = new()
        {
            ["Quick start"] = @"^Test accuracy 0\.[5-9]\d+ after [\d,]+ steps: ScheduleStopped\nThe first test image is a \d$",
            ["Your own loop"] = @"^(step \d+: loss \d+\.\d{3}, \d+ signs flipped\n?){5}$",
            ["Your own binarizer"] = @"^Test accuracy 0\.[89]\d+$",
            ["Your own schedule"] = @"^Test accuracy 0\.[6-9]\d+$",
        };
        string readme = File.ReadAllText(Repository.PathOf("README.md")).ReplaceLineEndings("\n");
        foreach (Match block in CSharpBlock().Matches(readme))
        {
            string title = Heading().Matches(readme[..block.Index])[^1].Groups["title"].Value;
            if (!expected.Remove(title, out string? output)) throw new InvalidOperationException($"README.md has a C# program under '{title}' whose output no test knows.");
            yield return new TestCaseData(title, block.Groups["code"].Value, output).SetArgDisplayNames(title);
        }

        if (expected.Count > 0) throw new InvalidOperationException($"README.md has no C# program under '{string.Join("', '", expected.Keys)}'.");
    }

    // Only the fresh feed and what this machine has restored before: nothing is downloaded.
    private void WriteNuGetConfig()
    {
        string listed = Command.Succeed(Repository.Root, "dotnet", "nuget", "locals", "global-packages", "--list");
        string restored = listed[(listed.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        File.WriteAllText(_folder.PathOf("nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="feed" value="{_folder.PathOf("feed")}" />
                <add key="restored" value="{restored}" />
              </packageSources>
            </configuration>
            """);
    }

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(@"^#+ (?<title>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}

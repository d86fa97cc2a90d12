using System.Diagnostics;
using System.Text.RegularExpressions;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Packaging;

/// <summary>The install commands of README, with an empty package cache.</summary>
[Explicit("It needs nuget.org, and packs several times.")]
[Category("Slow")]
internal sealed partial class InstallTests
{
    private const string Program = """
        using BinaryConnect.Models;

        var model = new LogisticModel(features: 2, classes: 2, seed: 1);
        Console.WriteLine($"{model.Weights.Length} weights of {typeof(LogisticModel).Assembly.GetName().Name}");
        """;

    [Test]
    public async Task The_readmes_commands_install_the_package_and_after_a_commit_the_next_one()
    {
        using var source = new SourceCopy();
        string project = NewProject(source);
        (string[] pack, string[] add) = Commands();
        await SkipWithoutPublicSource();

        List<string> versions = [];
        for (int commit = 1; commit <= 2; commit++)
        {
            TestContext.Progress.WriteLine($"Install: packs commit {commit} and adds it to a new project.");
            foreach (string command in pack) Execute(command, source.Path, source);
            foreach (string command in commit == 1 ? add : add[^1..]) Execute(command, project, source);
            versions.Add(Reference().Match(File.ReadAllText(Path.Combine(project, "App.csproj"))).Groups["version"].Value);
            string output = Execute("dotnet run", project, source);
            Assert.That(output.Trim(), Is.EqualTo("4 weights of BinaryConnect.Core"));
            source.Commit("next");
        }

        Assert.That(new SemanticVersion(versions[0]), Is.LessThan(new SemanticVersion(versions[1])));
        string[] restored = Directory.GetDirectories(Path.Combine(source.Beside("cache"), "binaryconnect.core"));
        Assert.That(restored.Select(Path.GetFileName), Is.EquivalentTo(versions));
        Assert.That(Path.Combine(source.Beside("cache"), "system.numerics.tensors"), Does.Exist);
    }

    [Test]
    public void An_exported_tree_packs()
    {
        using var source = new SourceCopy();
        string exported = source.Export("exported");

        string output = Command.Succeed(exported, "dotnet", "pack", "-c", "Release", "src/BinaryConnect.Core");

        Assert.That(output, Does.Contain("warning BCVERSION1"));
        Assert.That(Path.Combine(exported, "artifacts", "packages", "BinaryConnect.Core.0.2.0-alpha.0.nupkg"), Does.Exist);
    }

    // The commands of README's section, by its blocks: to pack in the checkout, to add in the project.
    private static (string[] Pack, string[] Add) Commands()
    {
        string readme = File.ReadAllText(Repository.PathOf("README.md")).ReplaceLineEndings("\n");
        string section = Section().Match(readme).Groups["text"].Value;
        string[] Lines(Match block) => block.Groups["text"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[][] blocks = [.. Block().Matches(section).Select(Lines)];
        Assert.That(blocks, Has.Length.EqualTo(2), "README's section 'Install' has a block that packs and a block that adds.");
        return (blocks[0], blocks[1]);
    }

    private static string NewProject(SourceCopy source)
    {
        string project = Directory.CreateDirectory(source.Beside("App")).FullName;
        Execute("dotnet new console --no-restore", project, source);
        File.WriteAllText(Path.Combine(project, "Program.cs"), Program);
        return project;
    }

    // A line of the README, as a shell would take it; nothing that was restored or downloaded on this machine counts.
    private static string Execute(string command, string folder, SourceCopy source)
    {
        string[] words = command.Replace("PATH/TO/CHECKOUT", source.Path, StringComparison.Ordinal).Split(' ');
        var start = new ProcessStartInfo(words[0], words[1..]) { WorkingDirectory = folder };
        start.Environment["NUGET_PACKAGES"] = source.Beside("cache");
        start.Environment["NUGET_HTTP_CACHE_PATH"] = source.Beside("downloads");
        (int exitCode, string output, string error) = Command.Run(start);
        Assert.That(exitCode, Is.Zero, $"{command}\n{output}\n{error}");
        return output;
    }

    private static async Task SkipWithoutPublicSource()
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri("https://api.nuget.org/v3/index.json"));
            answer.EnsureSuccessStatusCode();
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            Assert.Ignore($"nuget.org does not answer: {fault.Message}");
        }
    }

    [GeneratedRegex(@"^## Install\n(?<text>.*?)^## ", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^```[a-z]*\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("Include=\"BinaryConnect.Core\" Version=\"(?<version>[^\"]+)\"")]
    private static partial Regex Reference();
}

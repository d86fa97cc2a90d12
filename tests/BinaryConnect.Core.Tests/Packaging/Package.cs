using System.IO.Compression;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Packaging;

/// <summary>The package, packed once for the tests of this folder.</summary>
[SetUpFixture]
internal sealed class Package
{
    private static TemporaryFolder? _folder;

    /// <summary>The folder that holds it alone.</summary>
    public static string Feed => _folder!.Path;

    public static string File => Directory.GetFiles(Feed, "*.nupkg").Single();

    public static string Version => Path.GetFileNameWithoutExtension(File)["BinaryConnect.Core.".Length..];

    /// <summary>The names of the files in it.</summary>
    public static string[] Entries
    {
        get
        {
            using ZipArchive package = ZipFile.OpenRead(File);
            return [.. package.Entries.Select(entry => entry.FullName)];
        }
    }

    /// <summary>The text of a file in it.</summary>
    public static string Text(string entry)
    {
        using ZipArchive package = ZipFile.OpenRead(File);
        using var reader = new StreamReader(package.GetEntry(entry)!.Open());
        return reader.ReadToEnd();
    }

    /// <summary>
    /// Lets the projects of a folder restore the package from its folder, and others from those that this machine has
    /// restored before: nothing is downloaded.
    /// </summary>
    public static void WriteNuGetConfig(TemporaryFolder folder)
    {
        string listed = Command.Succeed(Repository.Root, "dotnet", "nuget", "locals", "global-packages", "--list");
        string restored = listed[(listed.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        System.IO.File.WriteAllText(folder.PathOf("nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="feed" value="{Feed}" />
                <add key="restored" value="{restored}" />
              </packageSources>
              <packageSourceMapping>
                <packageSource key="feed"><package pattern="BinaryConnect.*" /></packageSource>
                <packageSource key="restored"><package pattern="*" /></packageSource>
              </packageSourceMapping>
            </configuration>
            """);
    }

    [OneTimeSetUp]
    public void Pack()
    {
        _folder = new TemporaryFolder();
        string[] arguments = ["pack", "src/BinaryConnect.Core", "-c", Repository.Configuration, "--no-build", "-o", Feed];
        Command.Succeed(Repository.Root, "dotnet", arguments);
    }

    [OneTimeTearDown]
    public void CleanUp() => _folder!.Dispose();
}

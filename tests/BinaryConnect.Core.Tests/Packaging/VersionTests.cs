using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Packaging;

/// <summary>The version that a build takes from git, or without it.</summary>
internal sealed class VersionTests
{
    private const string Released = "0.1.0-rc.1";

    private SourceCopy _source = null!;

    [OneTimeSetUp]
    public void Copy()
    {
        _source = new SourceCopy();
        Command.Succeed(_source.Path, "dotnet", "restore", "src/BinaryConnect.Core");
    }

    [OneTimeTearDown]
    public void CleanUp() => _source.Dispose();

    [Test]
    public void Each_commit_has_a_version_above_the_one_before()
    {
        List<string> versions = [Released];
        for (int commit = 1; commit <= 12; commit++)
        {
            if (commit is 1 or 2 or 10 or 11) versions.Add(VersionOf(_source.Path).Version);
            _source.Commit($"commit {commit}");
        }

        versions.Add(VersionOf(_source.Path).Version);
        AssertRising(versions);
    }

    [Test]
    public void Without_git_the_version_is_above_the_last_release_and_a_warning_says_so()
    {
        string exported = _source.Export("exported");
        Command.Succeed(exported, "dotnet", "restore", "src/BinaryConnect.Core");

        (string version, string output) = VersionOf(exported);

        Assert.That(version, Is.EqualTo("0.2.0-alpha.0"));
        Assert.That(new SemanticVersion(version), Is.GreaterThan(new SemanticVersion(Released)));
        Assert.That(output, Does.Contain("warning BCVERSION1: git does not know").And.Not.Contain("error"));
    }

    [Test]
    public void A_repository_around_the_source_does_not_give_its_version()
    {
        string around = Directory.CreateDirectory(_source.Beside("around")).FullName;
        string exported = _source.Export("around/exported");
        _source.Clone("--no-checkout", Path.Combine(around, "clone"));
        Directory.Move(Path.Combine(around, "clone", ".git"), Path.Combine(around, ".git"));
        Command.Succeed(around, "git", "--git-dir", Path.Combine(around, ".git"), "tag", "v9.0.0");
        Command.Succeed(exported, "dotnet", "restore", "src/BinaryConnect.Core");

        Assert.That(VersionOf(exported).Version, Is.EqualTo("0.2.0-alpha.0"));
    }

    [Test]
    public void A_shallow_clone_says_that_its_version_is_not_the_commits()
    {
        string shallow = _source.Beside("shallow");
        _source.Clone("--depth=1", shallow);
        Command.Succeed(shallow, "dotnet", "restore", "src/BinaryConnect.Core");

        (_, string output) = VersionOf(shallow);

        Assert.That(output, Does.Contain("warning BCVERSION2: The clone is shallow").And.Not.Contain("error"));
        Assert.That(VersionOf(_source.Path).Output, Does.Not.Contain("BCVERSION"));
    }

    [Test]
    public void A_tag_gives_its_version_and_those_after_it_are_above()
    {
        using var source = new SourceCopy();
        Command.Succeed(source.Path, "dotnet", "restore", "src/BinaryConnect.Core");
        source.Commit("before it");
        string before = VersionOf(source.Path).Version;
        source.Commit("release candidate");
        source.Git("tag", "v0.2.0-rc.1");

        string tagged = VersionOf(source.Path).Version;
        source.Commit("after it");
        string after = VersionOf(source.Path).Version;

        Assert.That(tagged, Is.EqualTo("0.2.0-rc.1"));
        AssertRising([before, tagged, after]);
    }

    private static void AssertRising(IReadOnlyList<string> versions)
    {
        IEnumerable<SemanticVersion> parsed = versions.Select(version => new SemanticVersion(version));
        Assert.That(parsed, Is.Ordered.Ascending.And.Unique, string.Join(", ", versions));
    }

    // As in a build, whose warnings would be errors.
    private static (string Version, string Output) VersionOf(string folder)
    {
        string file = Path.GetTempFileName();
        try
        {
            string output = Command.Succeed(
                folder, "dotnet", "msbuild", "src/BinaryConnect.Core", "-t:MinVer", "-p:Configuration=Release",
                "-getProperty:PackageVersion", $"-getResultOutputFile:{file}");
            return (File.ReadAllText(file).Trim(), output);
        }
        finally
        {
            File.Delete(file);
        }
    }
}

using BinaryConnect.Samples.Experiments;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples.Experiments;

/// <summary>The command "experiment".</summary>
public class ExperimentCommandTests
{
    [Test]
    public async Task WithoutNameEachIsListedWithItsQuestion()
    {
        string output = await SampleCommand.Succeed("experiment");
        foreach (string name in ExperimentList.Names) Assert.That(output, Does.Contain($"\n  {name} "));
        Assert.That(output.Split('\n').Max(line => line.Length), Is.AtMost(80));
    }

    [Test]
    public async Task UnknownNameIsRefusedWithTheKnownOnes() => Assert.That(
        await SampleCommand.Refuse("experiment", "jiter"),
        Is.EqualTo($"'NAME' is 'jiter'; it must be one of {string.Join(", ", ExperimentList.Names)}."));

    [Test]
    public async Task SeedsThatAreNoNumbersAreRefused() => Assert.That(
        await SampleCommand.Refuse("experiment", "post-training", "--seeds", "1,two"),
        Is.EqualTo("'--seeds' is '1,two'; it must be whole numbers with commas between them, such as 1,2,3."));

    [Test]
    public async Task MissingDataIsRefused()
    {
        using var folder = new TemporaryFolder();
        string missing = folder.PathOf("missing"), to = folder.PathOf("to");
        string error = await SampleCommand.Refuse("experiment", "post-training", "--data", missing, "--out", to);
        Assert.That(error, Does.Contain(missing));
        Assert.That(Directory.Exists(to), Is.False);
    }

    [Test]
    public async Task FileInPlaceOfTheFolderIsRefused()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("taken", []);
        Assert.That(
            await SampleCommand.Refuse("experiment", "post-training", "--out", Path.Combine(file, "to")),
            Is.EqualTo($"'{file}' is a file; it must be a folder."));
    }

    [Test]
    public async Task HelpHasAnExample() => Assert.That(
        await SampleCommand.Succeed("experiment", "--help"), Does.Contain("experiment post-training --seeds 1,2,3"));
}

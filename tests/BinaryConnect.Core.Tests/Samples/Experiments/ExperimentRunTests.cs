using System.Text.Json;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples.Experiments;

/// <summary>Short runs of experiments, to their files.</summary>
[Explicit("Each trains dozens of models.")]
[Category("Slow")]
internal sealed class ExperimentRunTests
{
    private const int ScreenWidth = 80;

    // Far more runs than a test waits for.
    private static readonly string Seeds = string.Join(',', Enumerable.Range(1, 500));

    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    // Two seeds, so that spreads are computed. Every experiment here trains on the digits.
    [TestCase("jitter")]
    [TestCase("post-training")]
    [TestCase("bias")]
    [TestCase("binarizers")]
    [TestCase("learning-rate")]
    [TestCase("fashion")]
    public async Task It_writes_every_file_that_its_page_names(string name)
    {
        using var folder = new TemporaryFolder();
        string to = folder.PathOf("to");
        string output = await SampleCommand.Succeed(
            "experiment", name, "--seeds", "1,2", "--steps", "8", "--data", MnistData.Folder, "--out", to);

        string page = File.ReadAllText(Path.Combine(to, "report.md"));
        string[] files = [.. Directory.GetFiles(to).Select(file => Path.GetFileName(file)!)];
        Assert.That(files.Select(Path.GetExtension).Distinct(), Is.EquivalentTo([".md", ".json", ".csv", ".png"]));
        foreach (string file in files.Where(file => file != "report.md")) Assert.That(page, Does.Contain($"]({file})"));
        foreach (string file in files.Where(file => file.EndsWith(".png", StringComparison.Ordinal)))
            Assert.That(File.ReadAllBytes(Path.Combine(to, file))[..4], Is.EqualTo(PngSignature));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(to, $"{name}.json")));
        foreach (JsonElement finding in json.RootElement.GetProperty("findings").EnumerateArray())
            Assert.That(page, Does.Contain($"- {finding.GetString()}\n"));
        Assert.That(json.RootElement.GetProperty("findings").GetArrayLength(), Is.Positive);
        Assert.That(output.Split('\n')[..^2].Max(line => line.Length), Is.AtMost(ScreenWidth), output);
        Assert.That(output, Does.EndWith($"\nWritten: {Path.Combine(to, "report.md")}\n"));
    }

    [Test]
    public void Redirected_it_writes_plain_lines()
    {
        using var folder = new TemporaryFolder();
        using SampleProcess process = SampleProcess.Start(
            ["experiment", "bias", "--seeds", "1", "--steps", "8", "--data", MnistData.Folder, "--out", folder.Path]);
        (int exitCode, string output, string error) = process.End(TimeSpan.FromMinutes(1));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output + error, Does.Not.Contain("\e").And.Not.Contain("\r"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "a signal is sent by kill")]
    public void An_interrupt_ends_it_without_files()
    {
        using var folder = new TemporaryFolder();
        string to = folder.PathOf("to");
        using SampleProcess process = SampleProcess.Start(
            ["experiment", "binarizers", "--seeds", Seeds, "--data", MnistData.Folder, "--out", to]);
        process.ReadErrorTo("notebook recipe");

        process.Send("-INT");
        (int exitCode, _, string error) = process.End(TimeSpan.FromMinutes(1));

        Assert.That(exitCode, Is.EqualTo(130));
        Assert.That(error, Does.EndWith($"The experiment was interrupted, and wrote nothing to {to}.\n"));
        Assert.That(Directory.Exists(to), Is.False);
    }
}

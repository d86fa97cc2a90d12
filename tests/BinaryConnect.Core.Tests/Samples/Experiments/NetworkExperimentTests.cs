using System.Text.Json.Nodes;
using BinaryConnect.Samples.Experiments;
using BinaryConnect.Samples.Experiments.Networks;
using BinaryConnect.Samples.Experiments.Reporting;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples.Experiments;

/// <summary>The experiments on networks, on networks of eight units.</summary>
public class NetworkExperimentTests
{
    [TestCase(
        "'--epochs' has no effect on 'post-training'; it must go with features or histogram or curves or one-bit.",
        "post-training", "--epochs", "3")]
    [TestCase(
        "'--from' has no effect on 'one-bit'; it must go with features or histogram or curves.", "one-bit", "--from", "run.csv")]
    [TestCase(
        "'--epochs' is given with '--from'; it must go with runs that are trained.",
        "curves", "--from", "x", "--epochs", "3")]
    [TestCase("'--runs' is given with '--steps'; kept runs must be whole.", "curves", "--runs", "x", "--steps", "3")]
    [TestCase("'--seeds' has 2 seeds; this experiment takes one.", "one-bit", "--seeds", "1,2")]
    public async Task Options_without_effect_are_refused(string expected, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        Assert.That(
            await SampleCommand.Refuse(["experiment", .. arguments, "--out", folder.PathOf("to")]), Is.EqualTo(expected));
    }

    [Test]
    [Explicit]
    [Category("Slow")]
    public async Task Short_runs_write_tables_pictures_and_report()
    {
        using var folder = new TemporaryFolder();
        await Run(folder, "features", ["features.csv", "features.png", "features-none.png", "features-dropout.png"]);
        string[] runs = Directory.GetFiles(folder.PathOf("runs"));
        Assert.That(runs, Has.Length.EqualTo(4));
        foreach (string run in runs) File.SetLastWriteTimeUtc(run, DateTime.UnixEpoch);
        await Run(folder, "histogram", ["masses.csv", "bins.csv", "histogram.png"]);
        await Run(folder, "curves", ["best.csv", "epochs.csv", "curves.png"]);
        Assert.That(runs.Select(File.GetLastWriteTimeUtc), Is.All.EqualTo(DateTime.UnixEpoch), "the runs were trained again");
    }

    [Test]
    [Explicit]
    [Category("Slow")]
    public void One_bit_measures_four_models()
    {
        var settings = new ExperimentSettings
        {
            MnistFolder = Repository.PathOf("samples", "data", "mnist"),
            Seeds = [1],
            Steps = 20,
            Network = new NetworkSettings { HiddenUnits = [8] },
        };
        Report report = new OneBit { Rounds = 1 }.Run(settings);
        Assert.That(report.Findings, Has.Count.EqualTo(3));
        Assert.That(report.Tables.Select(table => table.Rows.Count), Is.EqualTo(new[] { 4, 8 }));
        Assert.That(report.Tables[0].Rows.Select(row => row[3]), Is.All.InRange(0.0, 1.0));
        Assert.That(report.Tables[1].Rows.Select(row => row[2]), Is.All.Positive);
        Assert.That(report.Pictures, Has.Count.EqualTo(1));
    }

    private static async Task Run(TemporaryFolder folder, string name, string[] files)
    {
        string to = folder.PathOf(name);
        string output = await SampleCommand.Succeed(
            "experiment", name, "--hidden", "8", "--epochs", "1", "--runs", folder.PathOf("runs"), "--out", to);
        Assert.That(output.Split('\n').Max(line => line.Length), Is.AtMost(80), output);
        string page = File.ReadAllText(Path.Combine(to, "report.md"));
        Assert.That(page, Does.Contain("784-8-10").And.Contain("Seeds: 1\n"));
        foreach (string file in files)
        {
            Assert.That(new FileInfo(Path.Combine(to, file)).Length, Is.Positive, file);
            Assert.That(page, Does.Contain($"({file})"));
        }

        JsonNode json = JsonNode.Parse(File.ReadAllText(Path.Combine(to, $"{name}.json")))!;
        Assert.That(json["findings"]!.AsArray(), Is.Not.Empty);
    }
}

using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples;

/// <summary>
/// The mlp command, killed without warning again and again: its report equals that of an uninterrupted run.
/// </summary>
[Explicit("It starts a process for each kill.")]
[Category("Slow")]
internal sealed class KilledNetworkTests
{
    private const int Kills = 8;

    [TestCase("deterministic", "inference", 50)]
    [TestCase("stochastic", "sampled-average", 26)]
    public void Killed_at_any_moment_its_report_and_log_are_whole(string binarizer, string weights, int epochs)
    {
        using var folder = new TemporaryFolder();
        string checkpoint = folder.PathOf("run.safetensors"), csv = folder.PathOf("log.csv"), json = folder.PathOf("report.json");
        string wholeCsv = folder.PathOf("whole.csv"), wholeJson = folder.PathOf("whole.json");
        string[] run =
        [
            "mlp", "--hidden", "16", "--epochs", $"{epochs}", "--binarizer", binarizer, "--evaluation-weights", weights,
            "--seed", "3", "--threads", "1", "--data", MnistData.Folder,
        ];
        Finish([.. run, "--csv", wholeCsv, "--json", wholeJson]);

        var random = new Random(1);
        int resumed = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            string[] resume = File.Exists(checkpoint) ? ["--resume"] : [];
            resumed += resume.Length;
            using SampleProcess process = SampleProcess.Start(
                [.. run, "--checkpoint", checkpoint, "--csv", csv, "--json", json, .. resume]);
            process.ReadOutputTo("   epoch ");
            for (int epoch = random.Next(3); epoch > 0; epoch--) process.ReadOutputTo($"/{epochs} ", contained: true);
            Assert.That(
                process.WaitForExit(TimeSpan.FromMilliseconds(random.Next(200))), Is.False, "it ended before it was killed");
            process.Kill();
            TestContext.Progress.WriteLine($"mlp, {binarizer}: kill {kill + 1} of {Kills}");
        }

        Assert.That(resumed, Is.GreaterThan(2));
        Finish([.. run, "--checkpoint", checkpoint, "--csv", csv, "--json", json, "--resume"]);
        Assert.That(RunReports.Timeless(json), Is.EqualTo(RunReports.Timeless(wholeJson)));
        Assert.That(Columns(csv), Is.EqualTo(Columns(wholeCsv)));

        // A complete run stays complete.
        File.Delete(json);
        File.Delete(csv);
        Finish([.. run, "--checkpoint", checkpoint, "--csv", csv, "--json", json, "--resume"]);
        Assert.That(RunReports.Timeless(json), Is.EqualTo(RunReports.Timeless(wholeJson)));
        Assert.That(Columns(csv), Is.EqualTo(Columns(wholeCsv)));
    }

    private static void Finish(string[] arguments)
    {
        using SampleProcess process = SampleProcess.Start(arguments);
        (int exitCode, string output, string error) = process.End(TimeSpan.FromMinutes(10));
        Assert.That(exitCode, Is.Zero, $"{output}\n{error}");
    }

    // Without the seconds, which no two runs share.
    private static string[] Columns(string log) => [.. File.ReadLines(log).Select(line => line[..line.LastIndexOf(',')])];
}

using BinaryConnect.Samples.Mnist;
using BinaryConnect.Samples.Mnist.Multilayer;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Samples;

/// <summary>Runs of the mlp command that are stopped and continue from their checkpoints.</summary>
internal sealed class MultilayerResumeTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void End() => _folder.Dispose();

    [Test]
    public async Task A_run_stopped_and_resumed_ends_as_one_that_never_stopped()
    {
        string log = _folder.PathOf("log.csv"), report = _folder.PathOf("report.json");
        string wholeLog = _folder.PathOf("whole.csv"), wholeReport = _folder.PathOf("whole.json");
        await Train("--csv", wholeLog, "--json", wholeReport);
        StopAfterSecondEpoch(log);

        (int exitCode, string output, string error) = await Train(
            "--checkpoint", Checkpoint, "--resume", "--csv", log, "--json", report);

        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output, Does.Match(@"(?m)^Resumed after 50\d steps, in epoch 3\r?$"));
        Assert.That(Columns(log), Is.EqualTo(Columns(wholeLog)));
        Assert.That(RunReports.Timeless(report), Is.EqualTo(RunReports.Timeless(wholeReport)));
    }

    [Test]
    public async Task A_run_that_goes_on_elsewhere_says_so()
    {
        StopAfterSecondEpoch(_folder.PathOf("log.csv"));
        CheckpointFile file = CheckpointFile.Load(Checkpoint);
        file.Metadata["processor"] = "abacus";
        file.Save(Checkpoint);

        (int exitCode, _, string error) = await Train("--checkpoint", Checkpoint, "--resume");

        Assert.That(exitCode, Is.Zero, error);
        Assert.That(
            error, Does.StartWith("Warning: The checkpoint was written with kernels 'abacus', and the run goes on with '"));
    }

    [Test]
    public async Task A_new_run_leaves_the_checkpoint_of_another_alone()
    {
        StopAfterSecondEpoch(_folder.PathOf("log.csv"));
        byte[] before = File.ReadAllBytes(Checkpoint);

        (int exitCode, string output, string error) = await Train("--checkpoint", Checkpoint);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error.TrimEnd(), Is.EqualTo(
            $"'--checkpoint' is '{Checkpoint}', which exists; '--resume' goes on from it, and a new run must have a new file."));
        Assert.That(output, Is.Empty);
        Assert.That(File.ReadAllBytes(Checkpoint), Is.EqualTo(before));
    }

    [TestCase("seed", "--seed", "8")]
    [TestCase("epoch", "--epochs", "4")]
    [TestCase("binarizer", "--binarizer", "stochastic")]
    public async Task Going_on_with_other_options_is_refused_in_one_line_that_names_them(string what, params string[] others)
    {
        StopAfterSecondEpoch(_folder.PathOf("log.csv"));

        (int exitCode, _, string error) = await Train(["--checkpoint", Checkpoint, "--resume", .. others]);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error.TrimEnd().ReplaceLineEndings("\n"), Does.Contain(what).IgnoreCase.And.Not.Contain("\n"));
    }

    [Test]
    public async Task A_file_that_is_no_checkpoint_is_refused()
    {
        File.WriteAllText(Checkpoint, "epoch,step");

        (int exitCode, _, string error) = await Train("--checkpoint", Checkpoint, "--resume");

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith(Checkpoint));
        Assert.That(File.ReadAllText(Checkpoint), Is.EqualTo("epoch,step"));
    }

    private string Checkpoint => _folder.PathOf("run.safetensors");

    private void StopAfterSecondEpoch(string log)
    {
        using var cancellation = new CancellationTokenSource();
        using var output = new WatchedWriter(line =>
        {
            if (line.StartsWith("       2 ", StringComparison.Ordinal)) cancellation.Cancel();
        });
        var arguments = new MultilayerArguments(
            MultilayerRecipeKind.Published, BinarizerKind.Deterministic, 0, 7, 3, [16], null, null, Checkpoint, false, log, null,
            MnistData.Folder);
        var streams = Streams.For(output, TextWriter.Null);
        Assert.That(MultilayerJob.Run(arguments, streams, cancellation.Token), Is.EqualTo(StopReason.Cancelled));
    }

    // Without the seconds, which no two runs share.
    private static string[] Columns(string log) => [.. File.ReadLines(log).Select(line => line[..line.LastIndexOf(',')])];

    private static async Task<(int ExitCode, string Output, string Error)> Train(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        string[] seed = arguments.Contains("--seed") ? [] : ["--seed", "7"];
        string[] epochs = arguments.Contains("--epochs") ? [] : ["--epochs", "3"];
        int exitCode = await CommandLine.RunAsync(
            ["mlp", "--recipe", "published", "--hidden", "16", "--data", MnistData.Folder, .. seed, .. epochs, .. arguments],
            output, error);
        return (exitCode, output.ToString(), error.ToString());
    }

    // Tells of each line that is written.
    private sealed class WatchedWriter(Action<string> seen) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            seen(value ?? "");
        }
    }
}

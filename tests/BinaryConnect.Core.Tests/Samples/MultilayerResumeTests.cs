using BinaryConnect.Data;
using BinaryConnect.Models;
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

    [TestCase(Activation.Relu)]
    [TestCase(Activation.Sign, "--activation", "sign")]
    public async Task A_run_stopped_and_resumed_ends_as_one_that_never_stopped(Activation activation, params string[] options)
    {
        string log = _folder.PathOf("log.csv"), report = _folder.PathOf("report.json");
        string wholeLog = _folder.PathOf("whole.csv"), wholeReport = _folder.PathOf("whole.json");
        await Train(["--csv", wholeLog, "--json", wholeReport, .. options]);
        StopAfterSecondEpoch(log, activation);

        (int exitCode, string output, string error) = await Train(
            ["--checkpoint", Checkpoint, "--resume", "--csv", log, "--json", report, .. options]);

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

    [TestCase("'--seed' is 8; it must be 7.", "--seed", "8")]
    [TestCase("'--hidden' is 16,16; it must be 16.", "--hidden", "16x2")]
    [TestCase("'--dropout' is 0.5; it must be 0.", "--dropout")]
    [TestCase("'--input-dropout' is 0.2; it must be 0.", "--input-dropout")]
    [TestCase("'--activation' is sign; it must be relu.", "--activation", "sign")]
    [TestCase("'--binarizer' is stochastic; it must be deterministic.", "--binarizer", "stochastic")]
    [TestCase("'--recipe' is later-code; it must be fast or published.", "--recipe", "later-code")]
    [TestCase("'--optimizer' is adam; it must be sgd.", "--optimizer", "adam")]
    [TestCase("'--optimizer' is nesterov; it must be sgd.", "--optimizer", "nesterov")]
    [TestCase("'--learning-rate' is 0.3:0.02; it must be 0.3:0.01.", "--learning-rate", "0.3:0.02")]
    [TestCase("'--rate-scaling' is none; it must be inverse-glorot-squared.", "--rate-scaling", "none")]
    [TestCase("'--evaluation-weights' is latent; it must be inference.", "--evaluation-weights", "latent")]
    [TestCase(
        "'--seed' is 8; it must be 7. '--evaluation-weights' is latent; it must be inference.",
        "--evaluation-weights", "latent", "--seed", "8")]
    public async Task Going_on_with_other_options_names_them_and_their_values_in_one_line(string expected, params string[] others)
    {
        StopAfterSecondEpoch(_folder.PathOf("log.csv"));

        (int exitCode, string output, string error) = await Train(["--checkpoint", Checkpoint, "--resume", .. others]);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Is.EqualTo($"'{Checkpoint}' is of a run with other options. {expected}{Environment.NewLine}"));
        Assert.That(output, Is.Empty);
    }

    [Test]
    public async Task Going_on_to_an_end_that_has_passed_names_the_least_epochs()
    {
        StopAfterSecondEpoch(_folder.PathOf("log.csv"));

        (int exitCode, _, string error) = await Train("--checkpoint", Checkpoint, "--resume", "--epochs", "1");

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(
            error.TrimEnd(),
            Does.Match($@"^'--epochs' is 1; it must be at least [23], since '{Checkpoint}' was saved after step 50\d\.$"));
    }

    [Test]
    public async Task Going_on_with_other_images_names_the_option()
    {
        using var data = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(MnistData.Folder, "*.gz"))
            File.Copy(file, data.PathOf(Path.GetFileName(file)));
        string labels = data.PathOf("train-labels-idx1-ubyte.gz");
        byte[] values = IdxReader.Read(labels).Values.ToArray();
        (values[0], values[1]) = (values[1], values[0]);
        File.Delete(labels);
        data.Write("train-labels-idx1-ubyte", IdxBytes.Of([(uint)values.Length], values));
        StopAfterSecondEpoch(_folder.PathOf("log.csv"));

        (int exitCode, _, string error) = await Train("--checkpoint", Checkpoint, "--resume", "--data", data.Path);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(
            error.TrimEnd(),
            Is.EqualTo($"'--data' has other images than the run of '{Checkpoint}'; it must be '--data' of that run."));
    }

    [Test]
    public async Task More_epochs_go_on_at_the_last_rate()
    {
        string whole = _folder.PathOf("whole.csv"), longer = _folder.PathOf("longer.csv");
        await Train("--checkpoint", Checkpoint, "--csv", whole);

        (int exitCode, _, string error) = await Train(
            "--checkpoint", Checkpoint, "--resume", "--epochs", "5", "--csv", longer);

        Assert.That(exitCode, Is.Zero, error);
        Assert.That(Columns(longer)[..4], Is.EqualTo(Columns(whole)));
        string[] rates = [.. File.ReadLines(longer).Skip(1).Select(line => line.Split(',')[2])];
        Assert.That(rates, Is.EqualTo(new[] { "0.3", "0.054772258", "0.01", "0.01", "0.01" }));
    }

    [TestCase(1)]
    [TestCase(3)]
    public async Task Without_a_number_of_epochs_a_run_ends_where_the_one_before_would(int epochs)
    {
        string log = _folder.PathOf("log.csv");
        await Train("--checkpoint", Checkpoint, "--epochs", $"{epochs}");

        (int exitCode, string output, string error) = await Run(
            "--checkpoint", Checkpoint, "--resume", "--csv", log, "--seed", "7");

        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output, Does.Match($@"\nCompleted after {epochs} epochs?, "));
        Assert.That(File.ReadAllLines(log), Has.Length.EqualTo(epochs + 1));
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

    private void StopAfterSecondEpoch(string log, Activation activation = Activation.Relu)
    {
        using var cancellation = new CancellationTokenSource();
        using var output = new WatchedWriter(line =>
        {
            if (line.StartsWith("     2/3 ", StringComparison.Ordinal)) cancellation.Cancel();
        });
        var arguments = new MultilayerArguments(
            MultilayerRecipeKind.Published, BinarizerKind.Deterministic, 0, 7, 3, [16], null, null, Checkpoint, false, log, null,
            MnistData.Folder)
        {
            Activation = activation,
        };
        var streams = Streams.For(output, TextWriter.Null);
        Assert.That(MultilayerJob.Run(arguments, streams, cancellation.Token), Is.EqualTo(StopReason.Cancelled));
    }

    // Without the seconds, which no two runs share.
    private static string[] Columns(string log) => [.. File.ReadLines(log).Select(line => line[..line.LastIndexOf(',')])];

    private static async Task<(int ExitCode, string Output, string Error)> Train(params string[] arguments)
    {
        string[] seed = arguments.Contains("--seed") ? [] : ["--seed", "7"];
        string[] epochs = arguments.Contains("--epochs") ? [] : ["--epochs", "3"];
        return await Run([.. seed, .. epochs, .. arguments]);
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        string[] recipe = arguments.Contains("--recipe") ? [] : ["--recipe", "published"];
        string[] hidden = arguments.Contains("--hidden") ? [] : ["--hidden", "16"];
        string[] data = arguments.Contains("--data") ? [] : ["--data", MnistData.Folder];
        int exitCode = await CommandLine.RunAsync(["mlp", .. recipe, .. hidden, .. data, .. arguments], output, error);
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

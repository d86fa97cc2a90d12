using System.Text.Json;
using BinaryConnect.Inference;
using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples;

/// <summary>
/// The sample, interrupted by Ctrl-C at random moments: its exit code, its files, and what it says about them.
/// </summary>
[Explicit("It starts a process for each interrupt.")]
[Category("Slow")]
[Platform(Exclude = "Win", Reason = "a signal is sent by kill")]
internal sealed class InterruptedRunTests
{
    private const string Message = "Interrupted: the run ends after this step. Another interrupt ends it at once.";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // An environment variable gives more of them, by hand.
    private static readonly int Interrupts =
        int.TryParse(Environment.GetEnvironmentVariable("BINARYCONNECT_INTERRUPTS"), out int count) ? count : 4;

    [Test]
    public void A_network_leaves_whole_files_or_none_and_says_where()
    {
        var random = new Random(1);
        int told = 0;
        for (int i = 0; i < Interrupts; i++)
        {
            using var folder = new TemporaryFolder();
            string checkpoint = folder.PathOf("run.safetensors"), csv = folder.PathOf("log.csv");
            string json = folder.PathOf("report.json"), saved = folder.PathOf("net.safetensors");
            (string output, string error) = Interrupt(
                random,
                isStarting: i % 4 == 3,
                "mlp", "--hidden", "16", "--epochs", "1000", "--checkpoint", checkpoint, "--csv", csv, "--json", json,
                "--save", saved);

            if (IsUntold(error, folder)) continue;
            told++;
            Assert.That(output, Does.Match(@"(?m)^Cancelled after \d+ epochs?, [\d,]+ steps, "));
            Assert.That(output, Does.Contain($"\nReport in {json}\n"));
            Assert.That(output, Does.Contain($"\nSaved in {saved}: "));
            JsonElement report = JsonDocument.Parse(File.ReadAllBytes(json)).RootElement;
            int steps = report.GetProperty("steps").GetInt32();
            Assert.That(report.GetProperty("stopReason").GetString(), Is.EqualTo("cancelled"));
            Assert.That(ModelFile.Inspect(saved)["note.steps"], Is.EqualTo($"{steps}"));
            Assert.That(SavedModel.Open(saved).ClassCount, Is.EqualTo(10));
            Assert.That(File.ReadAllText(csv), Is.Empty.Or.EndsWith("\n"));
            Assert.That(output, Does.Contain($"\nCheckpoint in {checkpoint}; '--resume' goes on from it\n"));
            Assert.That(SavedModel.Open(checkpoint).ClassCount, Is.EqualTo(10));
            Assert.That(Directory.GetFiles(folder.Path, "*.partial"), Is.Empty);
        }

        Assert.That(told, Is.GreaterThanOrEqualTo(Interrupts / 2));
    }

    [Test]
    public void A_linear_model_leaves_whole_files_or_none_and_says_where()
    {
        var random = new Random(2);
        int told = 0;
        for (int i = 0; i < Interrupts; i++)
        {
            using var folder = new TemporaryFolder();
            string saved = folder.PathOf("digits.safetensors"), packed = folder.PathOf("digits.packed");
            (string output, string error) = Interrupt(
                random, isStarting: i % 4 == 3, "--steps", "100000000", "--save", saved, "--pack", packed);

            if (IsUntold(error, folder)) continue;
            told++;
            Assert.That(output, Does.Match("(?m)^Cancelled (after [\\d,]+ steps, |before one bit was compared)"));
            Assert.That(output, Does.Contain($"\nSaved in {saved}: ").And.Contain($"\nPacked in {packed}: "));
            Assert.That(ModelFile.Inspect(saved)["note.stop_reason"], Is.EqualTo("cancelled"));
            Assert.That(SavedModel.Open(saved).ClassCount, Is.EqualTo(10));
            Assert.That(PackedModel.Load(packed).ClassCount, Is.EqualTo(10));
            Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(2), "nothing is left aside");
        }

        Assert.That(told, Is.GreaterThanOrEqualTo(Interrupts / 2));
    }

    // A process that has not come to its first line may not know of interrupts yet. Then it has no files either.
    private static bool IsUntold(string error, TemporaryFolder folder)
    {
        if (error == Message + Environment.NewLine) return false;
        Assert.That(error, Is.Empty);
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
        return true;
    }

    private static (string Output, string Error) Interrupt(Random random, bool isStarting, params string[] arguments)
    {
        using SampleProcess process = SampleProcess.Start([.. arguments, "--data", MnistData.Folder]);
        if (!isStarting) process.ReadOutputTo("BinaryConnect on MNIST");
        Assert.That(process.WaitForExit(TimeSpan.FromMilliseconds(random.Next(isStarting ? 200 : 800))), Is.False);
        process.Send("-INT");
        (int code, string output, string error) = process.End(Patience);
        Assert.That(code, Is.EqualTo(130), $"{output}\n{error}");
        return (output.ReplaceLineEndings("\n"), error);
    }
}

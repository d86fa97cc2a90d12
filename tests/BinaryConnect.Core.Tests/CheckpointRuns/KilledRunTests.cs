using System.Diagnostics;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.CheckpointRuns;

/// <summary>A run in a process of its own, killed again and again without warning.</summary>
[Explicit("It starts a process for each kill.")]
[Category("Slow")]
internal sealed class KilledRunTests
{
    private const int Kills = 20;

    // The run must not end before the last kill. Most disks write fewer checkpoints than this by then.
    private const string Steps = "4000", EveryStep = "1", Seldom = "1000";

    private static readonly string Program = Repository.PathOf(
        "tests", "BinaryConnect.Core.CheckpointRuns", "bin", Repository.Configuration, "net10.0",
        "BinaryConnect.Core.CheckpointRuns.dll");

    [Test]
    public void Killed_at_any_moment_it_goes_on_to_the_same_bits([Values("paper", "user", "bits")] string layers)
    {
        using var folder = new TemporaryFolder();
        string expected = Command.Succeed(
            folder.Path, "dotnet", Program, folder.PathOf("unbroken.safetensors"), Steps, Seldom, layers);
        string path = folder.PathOf("killed.safetensors");
        var random = new Random(1);
        int saved = 0, cutShort = 0;

        for (int kill = 0; kill < Kills;)
        {
            if (Kill(path, layers, TimeSpan.FromMilliseconds(random.Next(5, 250))) is string output)
            {
                Assert.That(output, Is.EqualTo(expected), "it ended before it was killed");
                File.Delete(path);
                saved = 0;
                continue;
            }

            kill++;
            TestContext.Progress.WriteLine($"Checkpoint run: kill {kill} of {Kills}");
            if (saved > 0) Assert.That(File.Exists(path), $"the checkpoint was lost at kill {kill}");
            if (!File.Exists(path)) continue;
            int steps = CheckpointFile.Load(path).Tensors["report.steps.loss"].Values.Length;
            Assert.That(steps, Is.GreaterThanOrEqualTo(saved), $"no checkpoint is older than one before, at kill {kill}");
            saved = steps;
            cutShort = Directory.GetFiles(folder.Path, "*.tmp").Length;
        }

        Assert.That(saved, Is.GreaterThan(0));
        TestContext.Out.WriteLine(
            $"{cutShort} of {Kills} kills came while a checkpoint was written; the last one stood at step {saved:N0}.");
        Assert.That(Command.Succeed(folder.Path, "dotnet", Program, path, Steps, Seldom, layers), Is.EqualTo(expected));
    }

    // Kills the run some time after its training began; gives its output where it ended before.
    private static string? Kill(string path, string layers, TimeSpan after)
    {
        var start = new ProcessStartInfo("dotnet", [Program, path, Steps, EveryStep, layers])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string? begun = process.StandardOutput.ReadLine();
        Assert.That(begun, Is.EqualTo("trains"), () => error.Result);
        if (process.WaitForExit(after))
        {
            Assert.That(process.ExitCode, Is.Zero, () => error.Result);
            return $"{begun}\n{process.StandardOutput.ReadToEnd()}".ReplaceLineEndings();
        }

        process.Kill();
        process.WaitForExit();
        return null;
    }
}

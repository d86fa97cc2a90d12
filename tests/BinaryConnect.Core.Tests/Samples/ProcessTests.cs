using System.Diagnostics;
using System.Text.Json;
using BinaryConnect.Samples.Mnist;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples;

/// <summary>The sample as a process of its own.</summary>
internal sealed class ProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Test]
    [Platform(Exclude = "Win", Reason = "an interrupt is sent by kill")]
    public void An_interrupt_ends_it_cleanly_with_what_it_has()
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("report.json");
        var start = new ProcessStartInfo(
            "dotnet",
            [typeof(CommandLine).Assembly.Location, "--recipe", "best", "--steps", "100000000", "--data", MnistData.Folder, "--json", file])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        var seen = new List<string>();
        while (!seen.Any(line => line.StartsWith("   1,000", StringComparison.Ordinal)))
        {
            seen.Add(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("It ended by itself."));
        }

        Command.Succeed(folder.Path, "kill", "-INT", process.Id.ToString());
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            Assert.Fail($"It did not end within {Patience}. Where the tests run in the background of a shell without job control, interrupts are ignored.");
        }

        string rest = output.Result;
        Assert.That(process.ExitCode, Is.Zero);
        Assert.That(rest, Does.Match(@"Cancelled after [\d,]+ steps, \d+\.\d\d s"));
        Assert.That(rest, Does.Match(@"Final test loss \d+\.\d{4}, test accuracy 0\.\d{4}"));
        using JsonDocument report = JsonDocument.Parse(File.ReadAllBytes(file));
        Assert.That(report.RootElement.GetProperty("stopReason").GetString(), Is.EqualTo("cancelled"));
        Assert.That(report.RootElement.GetProperty("steps").GetInt32(), Is.InRange(1_000, 99_999_999));
    }

    [Test]
    public void It_finds_the_data_that_come_with_it_from_any_folder()
    {
        using var folder = new TemporaryFolder();

        string output = Command.Succeed(folder.Path, "dotnet", typeof(CommandLine).Assembly.Location, "--steps", "10");

        Assert.That(output, Does.Contain("Completed after 10 steps"));
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using Microsoft.Extensions.Logging;

namespace BinaryConnect.Tests.Training;

/// <summary>A run that is resumed on another processor continues, and warns that its bits will differ.</summary>
internal sealed class OtherProcessorTests
{
    private SavedRun _run = null!;

    [SetUp]
    public void WriteCheckpoint() => _run = new SavedRun();

    [TearDown]
    public void CleanUp() => _run.Dispose();

    [Test]
    public void The_checkpoint_names_the_kernels()
    {
        string processor = CheckpointFile.Load(_run.Path).Metadata["processor"];

        Assert.That(processor, Is.EqualTo(CpuTuning.Kernels));
        Assert.That(processor, Does.Match(
            "^(x64|x86|arm64), ((512|256|128) bits|no vectors), "
            + "(fused multiply-add|separate multiply and add), zeros (left out|multiplied)$"));
        Assert.That(processor.Contains("512 bits"), Is.EqualTo(Vector512.IsHardwareAccelerated));
    }

    [Test]
    public void Where_the_kernels_are_the_same_there_is_no_warning() => Assert.That(Resume(), Is.Empty);

    [TestCase("x64, 64 bits, zeros multiplied", "x64, 64 bits, zeros multiplied")]
    [TestCase("a\nb", @"a\u000ab")]
    [TestCase(null, "unknown")]
    public void On_other_kernels_a_warning_is_logged_and_the_run_goes_on(string? saved, string named)
    {
        _run.Change(file =>
        {
            file.Metadata.Remove("processor");
            if (saved is not null) file.Metadata["processor"] = saved;
        });

        Assert.That(Resume(), Is.EqualTo(new[]
        {
            $"The checkpoint was written with kernels '{named}', and the run goes on with '{CpuTuning.Kernels}': "
            + "its results will differ in their last bits",
        }));
        Assert.That(
            CheckpointFile.Load(_run.Path).Metadata["processor"], Is.EqualTo(
                CpuTuning.Kernels), "the next checkpoint names the present ones");
    }

    [TestCase("DOTNET_EnableHWIntrinsic", "no vectors, separate multiply and add")]
    [TestCase("DOTNET_EnableAVX512", "256 bits, fused multiply-add")]
    [TestCase("DOTNET_EnableAVX2", "128 bits, separate multiply and add")]
    public void A_process_with_other_instructions_names_others(string switchedOff, string expected)
    {
        bool isX64 = RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64;
        if (!isX64 || !Vector256.IsHardwareAccelerated)
            Assert.Ignore("The switches are those of an x64 processor with AVX2.");
        string path = _run.Folder.PathOf("other.safetensors");
        var start = new ProcessStartInfo("dotnet", [Shell.CheckpointProgram, path, "7", "7"]);
        start.Environment[switchedOff] = "0";

        (int exitCode, _, string error) = Command.Run(start);

        Assert.That(exitCode, Is.Zero, error);
        Assert.That(CheckpointFile.Load(path).Metadata["processor"], Does.StartWith($"x64, {expected}, zeros "));
    }

    [Test]
    public void A_logger_that_throws_at_the_warning_stops_the_run_with_its_report()
    {
        _run.Change(file => file.Metadata["processor"] = "abacus");
        var fault = new InvalidOperationException("no log");
        var trainer = new Trainer(
            SavedRun.Options with { CheckpointPath = _run.Path }, new ThrowingLogger(fault, "OtherProcessor"));

        TrainingStoppedException stopped = Assert.Throws<TrainingStoppedException>(
            () => trainer.Resume(SavedRun.Network(), SavedRun.Train, SavedRun.Evaluation))!;

        Assert.That((stopped.Cause, stopped.InnerException), Is.EqualTo((TrainingFault.Logger, fault)));
        Assert.That(stopped.Report!.Steps, Has.Count.EqualTo(7));
    }

    // The warnings of a run that continues to its end.
    private string[] Resume()
    {
        var logger = new RecordingLogger();
        TrainerOptions options = SavedRun.Options with { CheckpointPath = _run.Path, CheckpointEverySteps = 9 };
        MultilayerPerceptron model = SavedRun.Network();

        TrainingReport report = new Trainer(options, logger).Resume(model, SavedRun.Train, SavedRun.Evaluation);

        Assert.That(report.Steps, Has.Count.EqualTo(12));
        return [.. logger.Entries.Where(entry => entry.Level == LogLevel.Warning).Select(entry => entry.Message)];
    }
}

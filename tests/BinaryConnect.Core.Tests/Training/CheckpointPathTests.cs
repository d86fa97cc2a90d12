using System.Runtime.Versioning;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>
/// Places where no checkpoint can be written are found before the first step, and a disk that fills up costs no
/// checkpoint.
/// </summary>
[UnsupportedOSPlatform("windows")]
[Platform(Exclude = "Win", Reason = "users, modes and mounts of Linux")]
internal sealed class CheckpointPathTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void CleanUp() => _folder.Dispose();

    [Test]
    public void A_place_where_nothing_can_be_written_is_named_before_the_first_step([Values] bool resumes)
    {
        string fifo = _folder.PathOf("fifo");
        Shell.Assume($"test -d /proc; mkfifo '{fifo}'");
        foreach (string path in new[] { "/proc/run.safetensors", fifo, "/dev/null", _folder.PathOf(new string('n', 256)) })
        {
            MultilayerPerceptron model = SavedRun.Network();
            int[] before = SmallNetwork.Bits(model);
            var progress = new SynchronousProgress<TrainingProgress>(_ => Assert.Fail("no step may be taken"));
            var trainer = new Trainer(SavedRun.Options with { CheckpointPath = path });

            Assert.That(
                () => resumes
                    ? trainer.Resume(model, SavedRun.Train, SavedRun.Evaluation, progress)
                    : trainer.Fit(model, SavedRun.Train, SavedRun.Evaluation, progress),
                (Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>())
                    .With.Message.StartsWith($"'CheckpointPath' is '{path}', which "));
            Assert.That(SmallNetwork.Bits(model), Is.EqualTo(before));
        }
    }

    [Test]
    public void A_run_goes_on_through_a_link_from_a_file_of_mode_600_and_a_long_name()
    {
        string real = _folder.PathOf(new string('n', 255)), link = _folder.PathOf("link");
        File.CreateSymbolicLink(link, real);
        TrainerOptions options = SavedRun.Options with { CheckpointPath = link, CheckpointEverySteps = 1 };
        new Trainer(options with { MaxSteps = 3 }).Fit(SavedRun.Network(), SavedRun.Train, SavedRun.Evaluation);
        File.SetUnixFileMode(real, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        TrainingReport report = new Trainer(options).Resume(SavedRun.Network(), SavedRun.Train, SavedRun.Evaluation);

        Assert.That(report.Steps, Has.Count.EqualTo(12));
        Assert.That(CheckpointFile.Load(real).Tensors["report.steps.loss"].Values, Has.Length.EqualTo(12));
        Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo(real));
        Assert.That(File.GetUnixFileMode(real), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [TestCase("chmod 555 .", "Access to the path ")]
    [TestCase("touch run; chmod 444 run; chmod 777 .", "run' may not be written. Permission denied.")]
    [TestCase("touch run; chmod 666 run; chmod 1777 .", "run' is of another user, and so is its sticky folder; ")]
    public void Another_user_finds_a_folder_or_file_of_roots_before_the_first_step(string script, string message)
    {
        Shell.AssumeRoot();
        Shell.Run(_folder.Path, script);

        (int exitCode, string output, string error) = RunAsNobody("run");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Is.Empty, "no step may be taken");
        Assert.That(error, Does.Contain("'CheckpointPath' is 'run', which may not be written. ").And.Contain(message));
    }

    [Test]
    public void A_group_that_cannot_be_kept_gets_no_rights()
    {
        Shell.AssumeRoot();
        Assert.That(RunAsNobody("/dev/null").ExitCode, Is.Not.Zero);
        Shell.Run(_folder.Path, "chmod 777 .");
        Assert.That(RunAsNobody("run").ExitCode, Is.Zero);
        Shell.Run(_folder.Path, "chown 65534:0 run; chmod 664 run");

        Assert.That(RunAsNobody("run", steps: 40).ExitCode, Is.Zero);

        Assert.That(Shell.Run(_folder.Path, "stat -c '%u:%g %a' run"), Is.EqualTo("65534:65534 644"));
    }

    [Test]
    public void A_file_that_is_mounted_is_found_before_the_first_step()
    {
        Shell.AssumeRoot();

        (int exitCode, string output, string error) = RunMounted(
            "touch run other; mount --bind other run; dotnet $PROGRAM run 20 1");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Is.Empty, "no step may be taken");
        Assert.That(
            error, Does.Contain("run' is a mount point; it must be a regular file that can be replaced, or not be there."));
    }

    [Test]
    public void A_full_disk_leaves_the_last_good_checkpoint_and_no_temporary_file()
    {
        Shell.AssumeRoot();

        (int exitCode, string output, string error) = RunMounted(
            "mkdir disk; mount -t tmpfs -o size=128k none disk; "
            + "dotnet $PROGRAM disk/run 4000 1 || code=$?; ls disk; cp disk/run saved; exit ${code:-0}");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(error, Does.Contain("No space left on device"));
        Assert.That(output, Does.EndWith("run\n").And.Not.Contain(".tmp"));
        Assert.That(
            CheckpointFile.Load(_folder.PathOf("saved")).Tensors["report.steps.loss"].Values, Has.Length.GreaterThan(100));
    }

    private (int ExitCode, string Output, string Error) RunAsNobody(string path, int steps = 20)
    {
        string[] asNobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
        return Command.Run(_folder.Path, "setpriv", [.. asNobody, "dotnet", Shell.CheckpointProgram, path, $"{steps}", "1"]);
    }

    // Mounts end with the process.
    private (int ExitCode, string Output, string Error) RunMounted(string script) =>
        Command.Run(_folder.Path, "unshare", "-m", "sh", "-ec", script.Replace("$PROGRAM", $"'{Shell.CheckpointProgram}'"));
}

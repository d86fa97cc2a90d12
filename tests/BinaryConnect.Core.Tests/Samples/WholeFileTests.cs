using System.Runtime.Versioning;
using System.Text;
using BinaryConnect.Samples.Mnist;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples;

/// <summary>How the sample replaces files.</summary>
internal sealed class WholeFileTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void End() => _folder.Dispose();

    [Test]
    public void A_write_that_fails_names_the_file_and_leaves_nothing_aside()
    {
        string file = _folder.Write("report.json", "old"u8.ToArray());

        Assert.That(
            () => WholeFile.Write(file, _ => throw new IOException("No space left.")),
            Throws.TypeOf<IOException>().With.Message.EqualTo($"'{file}' cannot be written: No space left."));
        Assert.That(Directory.GetFiles(_folder.Path), Is.EqualTo(new[] { file }));
        Assert.That(File.ReadAllText(file), Is.EqualTo("old"));
    }

    [Test]
    public void A_file_is_made_and_replaced_and_nothing_is_left_aside()
    {
        string file = _folder.PathOf("report.json");

        Write(file, "an old text");
        Write(file, "new");

        Assert.That(File.ReadAllText(file), Is.EqualTo("new"));
        Assert.That(Directory.GetFiles(_folder.Path), Is.EqualTo(new[] { file }));
    }

    [Test]
    public void A_write_that_fails_leaves_the_file_as_it_was()
    {
        string file = _folder.PathOf("report.json");
        Write(file, "old");

        Assert.That(() => WholeFile.Write(file, _ => throw new IOException("full")), Throws.TypeOf<IOException>());

        Assert.That(File.ReadAllText(file), Is.EqualTo("old"));
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    [Platform(Exclude = "Win", Reason = "links and modes are those of Unix")]
    public void Links_are_followed_and_the_mode_is_kept()
    {
        string file = _folder.PathOf("real.json"), link = _folder.PathOf("link.json"), linkToLink = _folder.PathOf("link2.json");
        Write(file, "old");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(link, file);
        File.CreateSymbolicLink(linkToLink, "link.json");

        Write(linkToLink, "new");

        Assert.That(File.ReadAllText(file), Is.EqualTo("new"));
        Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo(file));
        Assert.That(new FileInfo(linkToLink).LinkTarget, Is.EqualTo("link.json"));
        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [TestCase("/dev/null")]
    [TestCase("/dev/stdout")]
    [Platform("Linux", Reason = "the devices are those of Linux")]
    public void A_device_is_written_and_remains_one(string device)
    {
        string[] arguments = ["--steps", "5", "--data", MnistData.Folder, "--json", device];
        using SampleProcess process = SampleProcess.Start(arguments);

        (int exitCode, string output, string error) = process.End(TimeSpan.FromMinutes(1));

        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output.Contains("\"steps\": 5,", StringComparison.Ordinal), Is.EqualTo(device == "/dev/stdout"));
        Assert.That(File.Exists(device + ".partial"), Is.False);
        Assert.That(Command.Run("/", "test", "-c", "/dev/null").ExitCode, Is.Zero);
    }

    [TestCase("/dev/null", false)]
    [TestCase("/dev/stdout", true)]
    [Platform("Linux", Reason = "the devices are those of Linux")]
    public void A_log_may_be_a_device(string device, bool isSeen)
    {
        string[] run = ["mlp", "--hidden", "8", "--epochs", "1", "--data", MnistData.Folder, "--csv", device];
        using SampleProcess process = SampleProcess.Start(run);

        (int exitCode, string output, string error) = process.End(TimeSpan.FromMinutes(1));

        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output.Contains("\n1,250,", StringComparison.Ordinal), Is.EqualTo(isSeen));
    }

    [TestCase("--json", "mlp", "--hidden", "8", "--epochs", "1")]
    [TestCase("--csv", "mlp", "--hidden", "8", "--epochs", "1")]
    [TestCase("--json", "--steps", "5")]
    [Platform("Linux", Reason = "/dev/full, a disk without space, is Linux's")]
    public void A_full_disk_gives_one_line_and_exit_code_1(string option, params string[] run)
    {
        using SampleProcess process = SampleProcess.Start([.. run, "--data", MnistData.Folder, option, "/dev/full"]);

        (int exitCode, string output, string error) = process.End(TimeSpan.FromMinutes(1));

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(
            error.TrimEnd(),
            Does.Match("^('/dev/full' cannot be written|The run ended after step 1): No space left on device")
                .And.Not.Contain("\n"));
        Assert.That(output, Does.Match("(Completed|Failed) after "));
    }

    private static void Write(string file, string text)
    {
        WholeFile.CheckWritable(file);
        WholeFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }
}

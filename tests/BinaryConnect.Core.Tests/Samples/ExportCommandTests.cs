using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples;

/// <summary>The command export, and what it refuses.</summary>
internal sealed class ExportCommandTests
{
    private TemporaryFolder _folder = null!;
    private string _model = "";

    [OneTimeSetUp]
    public void Begin()
    {
        _folder = new TemporaryFolder();
        _model = _folder.PathOf("digits.packed");
        ModelPacker.Pack(new LogisticModel(new() { Features = 784, Classes = 10, InitialMinimum = -1, Seed = 1 })).Save(_model);
    }

    [OneTimeTearDown]
    public void CleanUp() => _folder.Dispose();

    [TestCase]
    [TestCase("--loop", "smallest-code", "--name", "numbers")]
    public async Task C_source_is_written_to_a_folder(params string[] options)
    {
        using var folder = new TemporaryFolder();

        string output = await SampleCommand.Succeed(
            ["export", _model, folder.Path, "--to", "c", "--data", MnistData.Folder, .. options]);

        string name = options.Length == 0 ? "digits" : "numbers";
        string stack = options.Length == 0 ? "72" : "40";
        Assert.That(output, Is.EqualTo(
            $"Exported {_model} to {folder.Path}: 980 bytes of weights, 40 bytes of other constants, "
            + $"{stack} bytes of arrays on the stack, no floating point\n"));
        Assert.That(Directory.GetFiles(folder.Path).Select(Path.GetFileName), Is.EquivalentTo(
            new[] { $"{name}.c", $"{name}.h", $"{name}_test.c" }));
    }

    [Test]
    public async Task Wrong_arguments_are_refused()
    {
        string file = _folder.PathOf("none"), folder = _folder.Path;
        Assert.That(
            await SampleCommand.Refuse("export", _model, file, "--to", "c"),
            Is.EqualTo($"'OUT' is '{file}'; with '--to c' it must be a folder that exists."));
        Assert.That(
            await SampleCommand.Refuse("export", file, folder, "--to", "c"),
            Is.EqualTo($"'MODEL' is '{file}', which does not exist; it must be a file."));
        Assert.That(
            await SampleCommand.Refuse("export", _model, folder, "--to", "d"), Does.StartWith("'--to' is 'd'; it must be c"));
        Assert.That(
            await SampleCommand.Refuse("export", _model, folder, "--to", "c", "--name", "a/b"),
            Is.EqualTo("'Name' is 'a/b'; it must be 1 to 40 letters, digits and _, and not begin with a digit."));
        Assert.That(await SampleCommand.Refuse("export", _model, folder), Is.EqualTo("Option '--to' is required."));
        Assert.That(Directory.GetFiles(folder), Is.EqualTo(new[] { _model }));
    }

    [Test]
    public async Task A_disk_without_space_keeps_the_old_files()
    {
        Shell.Assume("test $(id -u) = 0; unshare -m mount -t tmpfs none /mnt");
        using var folder = new TemporaryFolder();
        string disk = folder.PathOf("disk");
        Directory.CreateDirectory(disk);
        Shell.Run("/", $"mount -t tmpfs -o size=12k none '{disk}'");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(disk, "digits.c"), "old");

            (int exitCode, string output, string error) =
                await SampleCommand.Run("export", _model, disk, "--to", "c", "--data", MnistData.Folder);

            Assert.That(exitCode, Is.EqualTo(1));
            Assert.That(output, Is.Empty);
            Assert.That(error, Does.Match("\\ANo space left on device[^\n]*\n\\z"));
            Assert.That(Directory.GetFiles(disk).Select(Path.GetFileName), Is.EqualTo(new[] { "digits.c" }));
            Assert.That(await File.ReadAllTextAsync(Path.Combine(disk, "digits.c")), Is.EqualTo("old"));
        }
        finally
        {
            Shell.Run("/", $"umount '{disk}'");
        }
    }
}

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

    [TestCase("onnx", "opset 13, 1 bit for each binary weight", 3_000)]
    [TestCase("onnx", "opset 13, 32 bits for each weight", 33_000, "--weights", "float")]
    [TestCase("qonnx", "opset 13, binary weights by BipolarQuant", 33_000)]
    public async Task Onnx_is_written_to_a_file(string format, string written, int mostBytes, params string[] options)
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("digits.onnx");

        string output = await SampleCommand.Succeed(["export", _model, file, "--to", format, .. options]);

        long length = new FileInfo(file).Length;
        Assert.That(output, Is.EqualTo($"Exported {_model} to {file}: {length:N0} bytes, {written}\n"));
        Assert.That(length, Is.AtMost(mostBytes));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { file }));
    }

    [Test]
    public async Task A_page_is_written_to_a_file()
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("digits.html");

        string output = await SampleCommand.Succeed("export", _model, file, "--to", "html");

        long length = new FileInfo(file).Length;
        Assert.That(output, Is.EqualTo($"Exported {_model} to {file}: {length:N0} bytes\n"));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { file }));
    }

    [Test]
    public async Task Activations_of_8_bits_have_no_qonnx_and_the_old_file_stays()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("digits.onnx", [1]), model = folder.PathOf("bytes.packed");
        var network = new MultilayerPerceptron(new() { Features = 784, HiddenUnits = [8], Classes = 10 });
        ModelPacker.PackActivations(ModelPacker.Pack(network), MnistData.Tutorial.Validation).Model.Save(model);

        Assert.That(
            await SampleCommand.Refuse("export", model, file, "--to", "qonnx"),
            Is.EqualTo("Packed layer 1 takes activations of 8 bits; for QONNX it must take floats or signs. "
                + "Export the model that 'PackActivations' took, or another form."));
        Assert.That(await File.ReadAllBytesAsync(file), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task Wrong_files_and_options_of_onnx_are_refused()
    {
        string folder = _folder.Path, file = _folder.PathOf("digits.onnx"), none = _folder.PathOf("none");
        Assert.That(
            await SampleCommand.Refuse("export", _model, folder, "--to", "onnx"),
            Is.EqualTo($"'OUT' is '{folder}', a folder; it must be a file."));
        Assert.That(
            await SampleCommand.Refuse("export", _model, $"{none}/digits.onnx", "--to", "qonnx"),
            Is.EqualTo($"'OUT' is '{none}/digits.onnx'; its folder '{none}' does not exist."));
        Assert.That(
            await SampleCommand.Refuse("export", _model, _model, "--to", "onnx"),
            Is.EqualTo($"'MODEL' and 'OUT' are both '{_model}'; each must have a file of its own."));
        Assert.That(
            await SampleCommand.Refuse("export", _model, file, "--to", "onnx", "--weights", "half"),
            Is.EqualTo("'--weights' is 'half'; it must be bits or float."));
        Assert.That(
            await SampleCommand.Refuse("export", _model, file, "--to", "qonnx", "--weights", "bits"),
            Is.EqualTo("'--weights' stands with '--to qonnx'; it must stand with '--to onnx'."));
        Assert.That(
            await SampleCommand.Refuse("export", _model, file, "--to", "onnx", "--name", "a"),
            Is.EqualTo("'--name' stands with '--to onnx'; it must stand with '--to c'."));
        Assert.That(Directory.GetFiles(folder), Is.EqualTo(new[] { _model }));
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
            await SampleCommand.Refuse("export", _model, folder, "--to", "d"),
            Is.EqualTo("'--to' is 'd'; it must be c, onnx, qonnx or html."));
        Assert.That(
            await SampleCommand.Refuse("export", _model, folder, "--to", "c", "--name", "a/b"),
            Is.EqualTo("'Name' is 'a/b'; it must be 1 to 40 letters, digits and _, and not begin with a digit."));
        Assert.That(await SampleCommand.Refuse("export", _model, folder), Is.EqualTo("Option '--to' is required."));
        Assert.That(Directory.GetFiles(folder), Is.EqualTo(new[] { _model }));
    }

    [TestCase("c", "", "digits.c")]
    [TestCase("onnx", "/digits.onnx", "digits.onnx", "--weights", "float")]
    public async Task A_disk_without_space_keeps_the_old_files(string format, string file, string old, params string[] options)
    {
        Shell.Assume("test $(id -u) = 0; unshare -m mount -t tmpfs none /mnt");
        using var folder = new TemporaryFolder();
        string disk = folder.PathOf("disk");
        Directory.CreateDirectory(disk);
        Shell.Run("/", $"mount -t tmpfs -o size=12k none '{disk}'");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(disk, old), "old");

            (int exitCode, string output, string error) =
                await SampleCommand.Run(["export", _model, disk + file, "--to", format, .. options]);

            Assert.That(exitCode, Is.EqualTo(1));
            Assert.That(output, Is.Empty);
            Assert.That(error, Does.Match("\\ANo space left on device[^\n]*\n\\z"));
            Assert.That(Directory.GetFiles(disk).Select(Path.GetFileName), Is.EqualTo(new[] { old }));
            Assert.That(await File.ReadAllTextAsync(Path.Combine(disk, old)), Is.EqualTo("old"));
        }
        finally
        {
            Shell.Run("/", $"umount '{disk}'");
        }
    }
}

using System.Text;
using System.Text.Json;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Samples;

/// <summary>The commands evaluate, predict, pack and inspect.</summary>
internal sealed class SavedCommandsTests
{
    private static readonly string Images = Path.Combine(MnistData.Folder, "t10k-images-idx3-ubyte.gz");

    private TemporaryFolder _folder = null!;
    private string _saved = "", _packed = "", _real = "", _checkpoint = "";

    [OneTimeSetUp]
    public async Task Begin()
    {
        _folder = new TemporaryFolder();
        _saved = _folder.PathOf("digits.safetensors");
        _packed = _folder.PathOf("digits.packed");
        _real = _folder.PathOf("real.safetensors");
        _checkpoint = _folder.PathOf("run.safetensors");
        await SampleCommand.Succeed(
            "--recipe", "best", "--steps", "300", "--data", MnistData.Folder, "--save", _saved, "--pack", _packed);
        await SampleCommand.Succeed(
            "mlp", "--hidden", "8", "--epochs", "1", "--binarizer", "none", "--data", MnistData.Folder, "--save", _real,
            "--checkpoint", _checkpoint);
    }

    [OneTimeTearDown]
    public void CleanUp() => _folder.Dispose();

    [TestCase("saved", "model", "inference")]
    [TestCase("packed", "packed model", "inference")]
    [TestCase("real", "model", "latent")]
    public async Task Evaluate_prints_and_reports_the_accuracy(string which, string kind, string weights)
    {
        string model = FileOf(which);
        int correct = SavedModel.Open(model).CorrectOf(MnistData.Tutorial.Test);

        string output = await SampleCommand.Succeed("evaluate", model, "--data", MnistData.Folder);
        string json = await SampleCommand.Succeed("evaluate", model, "--data", MnistData.Folder, "--json", "-");

        string with = weights == "latent" ? "latent weights (real)" : "inference weights (signs)";
        Assert.That(
            output,
            Is.EqualTo($"{model}: {kind}, test accuracy {correct / 1e4:F4} with {with}\n"
                + $"{correct:N0} of 10,000 test images are classified as labelled\n"));
        JsonElement report = JsonDocument.Parse(json).RootElement;
        Assert.That(report.EnumerateObject().Select(property => $"{property.Name}: {property.Value}"), Is.EqualTo(new[]
        {
            $"model: {model}", $"kind: {kind}", $"evaluationWeights: {weights}", "images: 10000", $"correct: {correct}",
            FormattableString.Invariant($"accuracy: {correct / 1e4}"),
        }));
    }

    [TestCase("saved")]
    [TestCase("packed")]
    [TestCase("real")]
    public async Task Predict_prints_the_class_of_each_image_of_an_idx_file(string which)
    {
        byte[] pixels = IdxReader.Read(Images).Values.ToArray();
        int[] expected = new int[10_000];
        SavedModel.Open(FileOf(which)).Predict(pixels, expected);
        string plain = _folder.PathOf("plain.idx");
        await File.WriteAllBytesAsync(plain, IdxBytes.Of([10_000, 28, 28], pixels));

        string output = await SampleCommand.Succeed("predict", FileOf(which), Images);

        Assert.That(output, Is.EqualTo(string.Concat(expected.Select(label => $"{label}\n"))));
        Assert.That(await SampleCommand.Succeed("predict", FileOf(which), plain), Is.EqualTo(output));
    }

    [Test]
    public async Task Predict_prints_the_class_of_a_png_or_a_pgm()
    {
        byte[] pixels = IdxReader.Read(Images).Values[..784].ToArray();
        byte[] large = [.. Enumerable.Range(0, 56 * 56).Select(i => pixels[i / 56 / 2 * 28 + i % 56 / 2])];
        string expected = $"{PackedModel.Load(_packed).Predict(pixels)}\n";
        foreach ((int side, byte[] image) in new[] { (28, pixels), (56, large) })
        {
            string file = _folder.PathOf("digit.png");
            await File.WriteAllBytesAsync(file, PngBytes.Grey(side, side, image));
            foreach (string model in new[] { _saved, _packed })
                Assert.That(await SampleCommand.Succeed("predict", model, file), Is.EqualTo(expected), $"{side} pixels");
            string map = _folder.Write("digit.pgm", [.. Encoding.ASCII.GetBytes($"P5 {side} {side} 255\n"), .. image]);
            Assert.That(await SampleCommand.Succeed("predict", _packed, map), Is.EqualTo(expected), $"PGM, {side} pixels");
        }
    }

    [Test]
    public async Task Pack_writes_the_file_that_the_run_writes()
    {
        string file = _folder.PathOf("again.packed");

        string output = await SampleCommand.Succeed("pack", _saved, file);

        Assert.That(await File.ReadAllBytesAsync(file), Is.EqualTo(await File.ReadAllBytesAsync(_packed)));
        Assert.That(
            output,
            Is.EqualTo($"Packed {_saved} in {file}: {new FileInfo(_saved).Length:N0} -> {new FileInfo(file).Length:N0} bytes\n"));
    }

    [Test]
    public async Task Pack_leaves_real_weights_real_and_says_so()
    {
        string file = _folder.PathOf("real.packed");

        string output = await SampleCommand.Succeed("pack", _real, file);

        Assert.That(output, Does.EndWith("; real weights stay real\n"));
        Assert.That(SavedModel.Open(file).Weights, Is.EqualTo(EvaluationWeights.Latent));
        int different = Math.Abs(
            SavedModel.Open(file).CorrectOf(MnistData.Tutorial.Test) - SavedModel.Open(_real).CorrectOf(MnistData.Tutorial.Test));
        Assert.That(different, Is.LessThan(10));
    }

    [Test]
    public async Task Inspect_lists_layers_sizes_and_notes_of_a_model()
    {
        string output = await SampleCommand.Succeed("inspect", _saved);

        long length = new FileInfo(_saved).Length;
        Assert.That(output, Does.StartWith($"{_saved}: BinaryConnect model, version 1, {length:N0} bytes\n"));
        Assert.That(output, Does.Contain("""

            input 784, 10 classes

            layer   kind              shape   1-bit  32-bit  latent  packed
                                             values  values   bytes   bytes
            layer1  binary dense  784 -> 10   7,840      10  31,400   1,020
            total                             7,840      10  31,400   1,020
            7,840 multiply-adds for an image
            """));
        Assert.That(output, Does.Match(@"\nnotes\n(  [a-z_]+: \S+\n)*  steps: 300\n"));
    }

    [Test]
    public async Task Inspect_lists_layers_and_sizes_of_a_packed_model()
    {
        string output = await SampleCommand.Succeed("inspect", _packed);

        Assert.That(output.Split('\n'), Is.EqualTo(new[]
        {
            $"{_packed}: BinaryConnect packed model, version 1, {new FileInfo(_packed).Length:N0} bytes",
            "input 784, 10 classes; a byte b stands for 0.00117647 * b - 0.06",
            "",
            "layer   product      shape   1-bit  32-bit  bytes  outputs",
            "                            values  values",
            "layer1  signs    784 -> 10   7,840      20  1,060  any",
            "total                                       1,060",
            "",
        }));
    }

    [Test]
    public async Task Inspect_lists_the_settings_of_a_checkpoint()
    {
        string output = await SampleCommand.Succeed("inspect", _checkpoint);

        Assert.That(output, Does.StartWith($"{_checkpoint}: BinaryConnect checkpoint, version 2, "));
        Assert.That(output, Does.Contain("\nsettings\n").And.Contain("\n  optimizer: sgd\n"));
        Assert.That(output, Does.Contain("\n  binarizer: identity\n"));
    }

    [Test]
    public async Task A_checkpoint_is_evaluated_as_its_model()
    {
        string output = await SampleCommand.Succeed("evaluate", _checkpoint);

        Assert.That(output, Does.Contain("with latent weights (real)"));
        Assert.That(
            SavedModel.Open(_checkpoint).CorrectOf(MnistData.Tutorial.Test),
            Is.EqualTo(SavedModel.Open(_real).CorrectOf(MnistData.Tutorial.Test)));
    }

    [TestCase("'MODEL' is missing; the command must be such as 'evaluate MODEL'.", "evaluate")]
    [TestCase("'FILE' is missing; the command must be such as 'predict MODEL FILE'.", "predict", "PACKED")]
    [TestCase("'OUT' is missing; the command must be such as 'pack MODEL OUT'.", "pack", "PACKED")]
    [TestCase("'FILE' is missing; the command must be such as 'inspect FILE'.", "inspect")]
    [TestCase("'MODEL' is 'no-such-file', which does not exist; it must be a file.", "evaluate", "no-such-file")]
    [TestCase("'FILE' is '.', a folder; it must be a file.", "inspect", ".")]
    [TestCase("'FILE' is ''; it must be a file.", "predict", "PACKED", "")]
    [TestCase("'OUT' is '.', a folder; it must be a file.", "pack", "SAVED", ".")]
    [TestCase("'PACKED' is packed already; it must be a model that --save wrote.", "pack", "PACKED", "FOLDER/other")]
    [TestCase("'MODEL' and 'OUT' are both 'SAVED'; each must have a file of its own.", "pack", "SAVED", "SAVED")]
    [TestCase("'--seed' stands before 'evaluate'; it must stand after it.", "--seed", "1", "evaluate", "SAVED")]
    [TestCase("Unrecognized command or argument '--seed'. 'evaluate --help' lists its options.", "evaluate", "SAVED", "--seed")]
    public async Task A_wrong_argument_gives_one_line_and_exit_code_2(string message, params string[] arguments)
    {
        string Named(string text) => text.Replace("SAVED", _saved, StringComparison.Ordinal)
            .Replace("PACKED", _packed, StringComparison.Ordinal)
            .Replace("FOLDER", _folder.Path, StringComparison.Ordinal);

        string error = await SampleCommand.Refuse(Array.ConvertAll(arguments, Named));

        Assert.That(error, Is.EqualTo(Named(message)));
    }

    [Test]
    public async Task A_file_that_is_no_model_or_no_image_gives_one_line_and_exit_code_2()
    {
        string labels = Path.Combine(MnistData.Folder, "t10k-labels-idx1-ubyte.gz"), small = _folder.PathOf("small.idx");
        await File.WriteAllBytesAsync(small, IdxBytes.Of([2, 3, 3], new byte[18]));
        byte[] damaged = await File.ReadAllBytesAsync(_packed);
        damaged[^1] ^= 1;
        string broken = _folder.PathOf("broken.packed"), jpeg = _folder.Write("digit.jpg", [0xFF, 0xD8, 0xFF]);
        await File.WriteAllBytesAsync(broken, damaged);

        Assert.That(await SampleCommand.Refuse("evaluate", Images), Does.StartWith(Images));
        Assert.That(await SampleCommand.Refuse("evaluate", broken), Does.Contain("broken.packed").And.Contain("checksum"));
        Assert.That(
            await SampleCommand.Refuse("predict", _packed, jpeg),
            Is.EqualTo($"{jpeg}: it starts with FFD8FF; it must be an IDX file, packed by gzip or not, a PNG or a PGM."));
        Assert.That(
            await SampleCommand.Refuse("predict", _packed, labels),
            Is.EqualTo($"{labels}: it has 1 dimension(s) and 10,000 values; "
                + "images have at least 2 dimensions, images first, and there must be at least one."));
        Assert.That(
            await SampleCommand.Refuse("predict", _packed, small),
            Is.EqualTo($"The images of '{small}' have 9 pixels; they must have as many as the inputs of '{_packed}', 784."));
    }

    [TestCase("weights", "sampled-average", "it must be inference or latent.")]
    public async Task A_wrong_note_gives_one_line_and_exit_code_2(string note, string value, string expected)
    {
        string file = _folder.PathOf("noted.safetensors");
        new LogisticModel(784, 10).Save(file, new ModelFacts { Notes = new Dictionary<string, string> { [note] = value } });

        string error = await SampleCommand.Refuse("evaluate", file);

        Assert.That(error, Is.EqualTo($"{file}: its note '{note}' is '{value}'; {expected}"));
    }

    [Test]
    public async Task A_model_of_another_shape_is_not_evaluated()
    {
        string features = _folder.PathOf("features.safetensors"), classes = _folder.PathOf("classes.safetensors");
        new LogisticModel(9, 10).Save(features);
        new LogisticModel(784, 3).Save(classes);

        Assert.That(
            await SampleCommand.Refuse("evaluate", features, "--data", MnistData.Folder),
            Is.EqualTo($"The test set's images have 784 pixels; they must have as many as the inputs of '{features}', 9."));
        Assert.That(
            await SampleCommand.Refuse("evaluate", classes, "--data", MnistData.Folder),
            Is.EqualTo($"The test set's images have 10 classes; they must have as many as '{classes}', 3."));
    }

    [TestCase("evaluate", "MODEL")]
    [TestCase("predict", "white on black")]
    [TestCase("pack", "OUT")]
    [TestCase("inspect", "FILE")]
    public async Task Help_of_a_command_has_its_arguments_and_an_example(string command, string expected)
    {
        string output = await SampleCommand.Succeed(command, "--help");

        Assert.That(output, Does.Contain(expected).And.Match($@"\nExample:\n  \S+ {command} digits"));
    }

    private string FileOf(string which) => which switch
    {
        "saved" => _saved,
        "packed" => _packed,
        _ => _real,
    };
}

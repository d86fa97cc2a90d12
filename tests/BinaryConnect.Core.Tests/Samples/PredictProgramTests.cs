using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples;

/// <summary>The smallest program, here with the JIT; run-native.sh compiles it ahead of time.</summary>
internal sealed class PredictProgramTests
{
    private static readonly string Program = Repository.PathOf(
        "samples", "BinaryConnect.Samples.Predict", "bin", Repository.Configuration, "net10.0",
        "BinaryConnect.Samples.Predict.dll");

    private static readonly string Images = Path.Combine(MnistData.Folder, "t10k-images-idx3-ubyte.gz");

    private TemporaryFolder _folder = null!;
    private string _packed = "";

    [OneTimeSetUp]
    public void Begin()
    {
        _folder = new TemporaryFolder();
        _packed = _folder.PathOf("digits.packed");
        var options = new LogisticModelOptions { Features = 784, Classes = 10, Seed = 1, InitialMinimum = -1 };
        ModelPacker.Pack(new LogisticModel(options)).Save(_packed);
    }

    [OneTimeTearDown]
    public void CleanUp() => _folder.Dispose();

    [Test]
    public void It_prints_the_class_of_each_image()
    {
        int[] expected = new int[10_000];
        PackedModel.Load(_packed).Predict(IdxReader.Read(Images).Values.Span, expected);

        string output = Command.Succeed(_folder.Path, "dotnet", Program, _packed, Images);

        Assert.That(output, Is.EqualTo(string.Concat(expected.Select(label => $"{label}\n"))));
        Assert.That(expected.Distinct().Count(), Is.GreaterThan(5), "there must be something to tell apart");
    }

    [TestCase("usage: BinaryConnect.Samples.Predict PACKED-MODEL IDX-FILE; it prints one class a line.")]
    [TestCase("Could not find file 'FOLDER/none'.", "FOLDER/none", "IMAGES")]
    [TestCase("Could not find file 'FOLDER/none'.", "PACKED", "FOLDER/none")]
    [TestCase(
        "LABELS: its dimensions are 10000; they must be those of images of 784 pixels, images first.", "PACKED", "LABELS")]
    [TestCase(
        "SMALL: its dimensions are 2 x 3 x 3; they must be those of images of 784 pixels, images first.", "PACKED", "SMALL")]
    public void A_wrong_argument_gives_one_line_and_exit_code_2(string message, params string[] arguments)
    {
        string small = _folder.PathOf("small.idx");
        File.WriteAllBytes(small, IdxBytes.Of([2, 3, 3], new byte[18]));
        string Named(string text) => text.Replace("PACKED", arguments.Length == 0 ? "PACKED" : _packed, StringComparison.Ordinal)
            .Replace("FOLDER", _folder.Path, StringComparison.Ordinal)
            .Replace("IMAGES", Images, StringComparison.Ordinal)
            .Replace("SMALL", small, StringComparison.Ordinal)
            .Replace("LABELS", Path.Combine(MnistData.Folder, "t10k-labels-idx1-ubyte.gz"), StringComparison.Ordinal);

        (int exitCode, string output, string error) =
            Command.Run(_folder.Path, "dotnet", [Program, .. arguments.Select(Named)]);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Is.EqualTo(Named(message) + Environment.NewLine));
        Assert.That(output, Is.Empty);
    }
}

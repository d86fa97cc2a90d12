using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Inference.Export;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Inference.Export;

/// <summary>The texts of C source, the files, and what is refused.</summary>
internal sealed class CSourceExporterTests
{
    private const string NameRule = "it must be 1 to 40 letters, digits and _, and not begin with a digit.";

    private static readonly PackedModel Logistic = Untrained(784, 10);

    private static IEnumerable<TestCaseData> Wrong =>
    [
        Case("digit", new() { Name = "9x" }, "'Name' is '9x'; " + NameRule),
        Case("path", new() { Name = "a/b" }, "'Name' is 'a/b'; " + NameRule),
        Case("empty", new() { Name = "" }, "'Name' is ''; " + NameRule),
        Case("keyword", new() { Name = "while" }, "'Name' is 'while', a keyword of C; it must be another name."),
        Case(
            "loop",
            new() { InnerLoop = (CInnerLoop)7 },
            "'InnerLoop' is 7; it must be one of SumTables, SmallestCode."),
        Case("input", new() { Input = (CInput)7 }, "'Input' is 7; it must be one of Bytes, Floats."),
        Case(
            "floats",
            new() { TestData = Dataset.FromFloats(new float[784], new int[1], 784, 10) },
            "'TestData' has floats; for a source that takes bytes it must have bytes."),
        Case(
            "features",
            new() { TestData = Dataset.FromBytes(new byte[6], new int[1], 6, 10) },
            "'TestData' has 6 features; it must have as many as the model, 784. (Parameter 'TestData')"),
    ];

    [TestCaseSource(nameof(Wrong))]
    public void Options_out_of_range_are_refused(CSourceOptions options, string fault) =>
        Assert.That(
            () => CSourceExporter.Create(Logistic, options),
            Throws.ArgumentException.With.Message.EqualTo(fault));

    [Test]
    public void A_model_must_be_there() =>
        Assert.That(() => CSourceExporter.Create(null!), Throws.ArgumentNullException);

    [TestCase(CInnerLoop.SumTables, 72)]
    [TestCase(CInnerLoop.SmallestCode, 40)]
    public void A_logistic_model_of_bytes_has_one_bit_a_weight_and_no_floating_point(CInnerLoop loop, int stack)
    {
        CSource source = CSourceExporter.Create(Logistic, new CSourceOptions { InnerLoop = loop });

        Assert.That(source, Has.Property("WeightBytes").EqualTo(980).And.Property("OtherBytes").EqualTo(40));
        Assert.That(source, Has.Property("StackBytes").EqualTo(stack).And.Property("UsesFloats").False);
        Assert.That(source.Code, Does.Contain("int digits_predict(const uint8_t *x)").And.Not.Contain("float "));
        Assert.That(source.Code, Does.Contain(", and 0 multiplications,\n *   none of them with floating point."));
        Assert.That(source.Header, Does.Contain("#define DIGITS_INPUTS 784\n#define DIGITS_CLASSES 10\n"));
        Assert.That(source.Test, Does.Contain("vectors[7840] FLASH = {").And.Contain("classes[10] FLASH = {"));
    }

    [Test]
    public void A_model_of_floats_takes_floats()
    {
        PackedModel iris = Untrained(4, 3, inputScale: 1);

        CSource source = CSourceExporter.Create(iris, new CSourceOptions { Name = "iris" });

        Assert.That(source.Header, Does.Contain("int iris_predict(const float *x);").And.Contain("IRIS_INPUTS 4"));
        Assert.That(source.UsesFloats, Is.True);
    }

    [Test]
    public void Three_files_are_written()
    {
        using var folder = new TemporaryFolder();

        CSource source = CSourceExporter.Write(Logistic, folder.Path, new CSourceOptions { Name = "a1_B" });

        Assert.That(Directory.GetFiles(folder.Path).Select(Path.GetFileName), Is.EquivalentTo(
            new[] { "a1_B.c", "a1_B.h", "a1_B_test.c" }));
        Assert.That(File.ReadAllText(folder.PathOf("a1_B.c")), Is.EqualTo(source.Code));
        Assert.That(File.ReadAllText(folder.PathOf("a1_B.h")), Is.EqualTo(source.Header));
        Assert.That(File.ReadAllText(folder.PathOf("a1_B_test.c")), Is.EqualTo(source.Test));
    }

    [Test]
    public void If_one_file_cannot_be_written_none_is()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("digits.c"), "old");
        Directory.CreateDirectory(folder.PathOf("digits_test.c"));

        Assert.That(() => CSourceExporter.Write(Logistic, folder.Path), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(folder.PathOf("digits.c")), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
    }

    private static PackedModel Untrained(int features, int classes, float inputScale = 1f / 255)
    {
        var options = new LogisticModelOptions { Features = features, Classes = classes, InitialMinimum = -1, Seed = 1 };
        return ModelPacker.Pack(new LogisticModel(options), inputScale);
    }

    private static TestCaseData Case(string name, CSourceOptions options, string fault) =>
        new TestCaseData(options, fault).SetArgDisplayNames(name);
}

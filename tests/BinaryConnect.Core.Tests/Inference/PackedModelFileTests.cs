using BinaryConnect.Data;
using BinaryConnect.Files;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Inference;

/// <summary>Invalid files of packed models: each is refused with a message that gives the reason.</summary>
internal sealed class PackedModelFileTests
{
    private static IEnumerable<TestCaseData> Wrong =>
    [
        Case(
            "format", writer => Sizes(writer, format: "other"),
            "its format is 'other'; it must be 'BinaryConnect packed model'."),
        Case("version", writer => Sizes(writer, version: "2"), "its version is '2'; it must be '1'."),
        Case(
            "input", writer => Sizes(writer, input: "2x3"),
            "'input' is '2x3'; it must be one size, or height x width x channels."),
        Case("input 0", writer => Sizes(writer, input: "0"), "'input' is '0'; it must be a whole number from 1 to 67,108,864."),
        Case("input too large", writer => Sizes(writer, input: "65536x65536x65536"), "'height' times 'width'"),
        Case(
            "layers", writer => Sizes(writer, layers: "many"), "'layers' is 'many'; it must be a whole number from 1 to 10,000."),
        Case("scale", writer => Sizes(writer, scale: "NaN"), "'input_scale' is 'NaN'; it must be a finite number."),
        Case("no scale", writer => Sizes(writer, scale: "0"), "'scale' is 0; it must not be"),
        Case("no layer", writer => Sizes(writer, layers: "2"), "it has no tensor 'layer1.scale'"),
        Case("signs", writer => Sizes(writer, signs: 3), "tensor 'layer0.signs' has shape [2, 3]; it must be [2, 1]."),
        Case("tail bits", writer => Sizes(writer, bits: 0xFF), "Packed layer 0 must have bits of 0 after the last input."),
        Case("NaN", writer => Sizes(writer, offset: float.NaN), "Packed layer 0 must have finite weights, scales and offsets."),
        Case("no scale of bytes", writer => Sizes(writer).AddMetadata("layer0.input_shift", "0"),
            "its metadata has no 'layer0.input_scale'; that of a packed model has one."),
        Case("no shift of bytes", writer => Sizes(writer).AddMetadata("layer0.input_scale", "1"),
            "its metadata has no 'layer0.input_shift'; that of a packed model has one."),
        Case(
            "more tensors", writer => Sizes(writer).Add<float>("more", [1], new float[1]),
            "it has 4 tensors; a packed model of these 1 layers must have 3."),
    ];

    [TestCaseSource(nameof(Wrong))]
    public void What_is_wrong_is_refused_and_named(Action<SafetensorsWriter> fill, string expected)
    {
        var writer = new SafetensorsWriter();
        fill(writer);
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        stream.Position = 0;

        Assert.That(() => PackedModel.Load(stream), Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected));
    }

    [Test]
    public void A_file_of_this_form_is_read()
    {
        var writer = new SafetensorsWriter();
        Sizes(writer);
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        stream.Position = 0;

        PackedModel model = PackedModel.Load(stream);

        float[] scores = new float[2];
        model.Scores(new float[] { 1, 2, 3, 4, 5 }, scores);
        Assert.That(scores, Is.EqualTo(new float[] { 15.5f, -14.5f }));
    }

    // Bytes changed, cut off or put in: the checksum, or the form, tells.
    [Test]
    public void No_damaged_file_is_read([Range(0, 9)] int seed)
    {
        using var stream = new MemoryStream();
        ModelPacker.Pack(new Sequential(new FeatureShape(9), 1, [new BinaryDense(3), new BatchNorm(), new BinaryDense(2)]))
            .Save(stream);
        byte[] whole = stream.ToArray();
        var random = new Random(seed);
        for (int i = 0; i < 500; i++)
        {
            var bytes = whole.ToList();
            switch (random.Next(3))
            {
                case 0: bytes[random.Next(bytes.Count)] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes.RemoveRange(random.Next(bytes.Count), 1); break;
                default: bytes.Insert(random.Next(bytes.Count + 1), (byte)random.Next(256)); break;
            }

            using var damaged = new MemoryStream([.. bytes]);
            Assert.That(() => PackedModel.Load(damaged), Throws.TypeOf<InvalidDataException>(), $"mutant {i} of seed {seed}");
        }
    }

    [Test]
    public void Save_replaces_a_file_as_a_whole()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("model.safetensors");
        File.WriteAllText(path, "old");

        ModelPacker.Pack(new LogisticModel(4, 2)).Save(path);

        Assert.That(PackedModel.Load(path).ClassCount, Is.EqualTo(2));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { path }));
        Assert.That(() => PackedModel.Load(folder.PathOf("none")), Throws.TypeOf<FileNotFoundException>());
    }

    // Five inputs and two outputs, one with all signs + and one with all −.
    private static SafetensorsWriter Sizes(
        SafetensorsWriter writer,
        string format = "BinaryConnect packed model",
        string version = "1",
        string input = "5",
        string layers = "1",
        string scale = "1",
        int signs = 1,
        byte bits = 0x1F,
        float offset = 0.5f)
    {
        writer.AddMetadata("format", format);
        writer.AddMetadata("version", version);
        writer.AddMetadata("input", input);
        writer.AddMetadata("input_scale", scale);
        writer.AddMetadata("input_shift", "0");
        writer.AddMetadata("layers", layers);
        byte[] rows = new byte[2 * signs];
        rows[0] = bits;
        writer.Add<byte>("layer0.signs", [2, signs], rows);
        writer.Add<float>("layer0.scale", [2], new float[] { 1, 1 });
        writer.Add<float>("layer0.offset", [2], new[] { offset, 0.5f });
        return writer;
    }

    private static TestCaseData Case(string name, Action<SafetensorsWriter> fill, string expected) =>
        new TestCaseData(fill, expected).SetArgDisplayNames(name);
}

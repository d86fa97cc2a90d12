using BinaryConnect.Files;
using BinaryConnect.Inference;
using BinaryConnect.Models;

namespace BinaryConnect.Tests.Inference;

/// <summary>Checkpoints of a perceptron with settings that are wrong: each is refused, at little cost.</summary>
internal sealed class PerceptronFileTests
{
    private const int MostLayers = 10_000;

    [Test]
    public void Settings_that_are_right_are_read()
    {
        using MemoryStream file = Checkpoint("", "");

        Assert.That(ModelFile.Load(file), Is.TypeOf<MultilayerPerceptron>());
    }

    [TestCase("model.activation", "tanh", "'model.activation' is 'tanh'; it must be 'relu', 'identity' or 'sign'.")]
    [TestCase("model.normalization", "layer", "'model.normalization' is 'layer'; it must be 'batch' or 'none'.")]
    [TestCase("model.hidden_units", "[,]", "'model.hidden_units' is '[,]'; it must be sizes such as '[1024, 1024]'.")]
    [TestCase("model.hidden_units", "[1, 1, 1, 1]", "its model has 5 layers; the file has 4 tensors in all.")]
    [TestCase("model.hidden_units", "[9]", "its model has 9 weights or more; the file has 6 values in all.")]
    [TestCase("model.input_dropout", "1", "'InputDropout' is 1; it must be at least 0 and below 1.")]
    public void A_setting_that_is_wrong_is_named(string key, string text, string expected)
    {
        using MemoryStream file = Checkpoint(key, text);

        Assert.That(() => ModelFile.Load(file), Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected));
    }

    [Test]
    public void More_layers_than_there_may_be_are_refused_and_not_cut()
    {
        string sizes = $"[{string.Join(", ", Enumerable.Repeat("1", MostLayers + 1))}]";
        using MemoryStream file = Checkpoint("model.hidden_units", sizes);

        Assert.That(() => ModelFile.Load(file), Throws.TypeOf<InvalidDataException>().With.Message.Contains(
            "'model.hidden_units' is '[1, 1, "));
    }

    // Its parts would take several times its memory.
    [TestCase("BinaryConnect model", "model.input")]
    [TestCase("BinaryConnect packed model", "input")]
    public void A_shape_of_many_parts_is_not_split(string format, string key)
    {
        const int Length = 1_000_000;
        var writer = new SafetensorsWriter();
        writer.AddMetadata("format", format);
        writer.AddMetadata("version", "1");
        writer.AddMetadata("model", "sequential");
        writer.AddMetadata("model.layers", "1");
        writer.AddMetadata("model.layer0", "relu");
        writer.AddMetadata(key, $"1x1x1{new string('x', Length)}");
        using MemoryStream file = Written(writer);
        Read();

        long before = GC.GetAllocatedBytesForCurrentThread();
        Read();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(6 * Length));

        void Read()
        {
            file.Position = 0;
            Func<object> load = key == "input" ? () => PackedModel.Load(file) : () => ModelFile.Load(file);
            Assert.That(() => load(), Throws.TypeOf<InvalidDataException>().With.Message.Contains(
                $"'{key}' is '1x1x1xxx").And.Message.Contains("; it must be one size, or height x width x channels."));
        }
    }

    // One input, one hidden unit and two classes, without normalization.
    private static MemoryStream Checkpoint(string key, string text)
    {
        var settings = new Dictionary<string, string>
        {
            ["format"] = "BinaryConnect checkpoint",
            ["version"] = "2",
            ["model"] = "multilayer_perceptron",
            ["model.features"] = "1",
            ["model.hidden_units"] = "[1]",
            ["model.classes"] = "2",
            ["model.activation"] = "relu",
            ["model.normalization"] = "none",
            ["model.normalization_epsilon"] = "0.1",
            ["model.normalization_momentum"] = "0.1",
            ["model.input_dropout"] = "0",
            ["model.hidden_dropout"] = "0",
            ["model.seed"] = "1",
            ["parameter.layer1.weights.bound"] = "1",
        };
        if (key.Length > 0) settings[key] = text;
        var writer = new SafetensorsWriter();
        foreach ((string name, string value) in settings) writer.AddMetadata(name, value);
        writer.Add<float>("model.latent.layer1.weights", [1, 1], new float[1]);
        writer.Add<float>("model.latent.layer1.bias", [1, 1], new float[1]);
        writer.Add<float>("model.latent.layer2.bias", [2, 1], new float[2]);
        writer.Add<float>("model.latent.layer2.weights", [2, 1], new float[2]);
        return Written(writer);
    }

    private static MemoryStream Written(SafetensorsWriter writer)
    {
        var stream = new MemoryStream();
        writer.WriteTo(stream);
        stream.Position = 0;
        return stream;
    }
}

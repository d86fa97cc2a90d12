using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Inference;

/// <summary>Activations of 8 bits: their formula, their file, their errors, and what they cost.</summary>
internal sealed class PackedActivationsTests
{
    private const string Scaling = "a finite scale of bytes above 0, and a finite shift, and not ";
    private const string Place = "signs and a layer before it, to round its inputs to bytes";
    private const float Least = float.NegativeInfinity, Greatest = float.PositiveInfinity;

    // Three inputs, two hidden units from 0 to 100, one output of bytes that stand for 0.5 · byte + 1.
    private static PackedLayer Hidden { get; } = new(
        3, 2, new byte[] { 0b111, 0b001 }, default, new float[] { 1, 1 }, new float[] { 0.3f, 0 }, 0, 100);

    private static PackedLayer Last { get; } = new(
        2, 1, new byte[] { 0b01 }, default, new float[] { 2 }, new float[] { 10 }, Least, Greatest)
    {
        InputBytes = new ByteScaling(0.5f, 1),
    };

    private static IEnumerable<TestCaseData> Wrong =>
    [
        Case("scale", Last with { InputBytes = new ByteScaling(0, 1) }, Scaling + "0 and 1"),
        Case("tiny", Last with { InputBytes = new ByteScaling(1e-45f, 1) }, Scaling + "1E-45 and 1"),
        Case("NaN", Last with { InputBytes = new ByteScaling(1, float.NaN) }, Scaling + "1 and NaN"),
        Case("real", Last with { SignBits = default, Weights = new float[2] }, Place),
    ];

    // 6.3 rounds to 11 · 0.5 + 1 = 6.5, and −2 is clamped to 0, whose nearest byte is 0, for 1.
    [Test]
    public void Activations_are_rounded_to_the_nearest_byte()
    {
        var model = new PackedModel(new FeatureShape(3), 1, 0, [Hidden, Last]);
        float[] ofBytes = new float[1], ofFloats = new float[1];

        model.Scores(new byte[] { 1, 2, 3 }, ofBytes);
        model.Scores(new float[] { 1, 2, 3 }, ofFloats);

        Assert.That(ofBytes[0], Is.EqualTo(2 * (6.5f - 1) + 10));
        Assert.That(ofFloats, Is.EqualTo(ofBytes));
        Assert.That(model.ActivationBits, Is.EqualTo(8));
    }

    [Test]
    public void A_limit_of_the_output_limits_the_rounded_output()
    {
        var model = new PackedModel(new FeatureShape(3), 1, 0, [Hidden with { High = 5 }, Last]);
        float[] scores = new float[1];

        model.Scores(new byte[] { 100, 100, 100 }, scores);

        Assert.That(scores[0], Is.EqualTo(2 * (5f - 1) + 10));
    }

    [TestCaseSource(nameof(Wrong))]
    public void What_cannot_stand_for_an_input_is_refused(PackedLayer layer, string expected) =>
        Assert.That(
            () => new PackedModel(new FeatureShape(3), 1, 0, [Hidden, layer]),
            Throws.ArgumentException.With.Message.EqualTo($"Packed layer 1 must have {expected}."));

    [Test]
    public void The_first_layer_cannot_round_its_inputs() =>
        Assert.That(
            () => new PackedModel(new FeatureShape(2), 1, 0, [Last]),
            Throws.ArgumentException.With.Message.EqualTo(
                "Packed layer 0 must have signs and a layer before it, to round its inputs to bytes."));

    [Test]
    public void A_calibration_set_must_fit()
    {
        PackedModel model = ModelPacker.Pack(new LogisticModel(5, 3));
        Dataset data = Dataset.FromFloats(new float[8], new int[2], 4, 3);

        Assert.That(() => ModelPacker.PackActivations(model, data), Throws.ArgumentException.With.Message.EqualTo(
            "'calibration' has 4 features; it must have as many as the model, 5. (Parameter 'calibration')"));
        Assert.That(() => model.Accuracy(data), Throws.ArgumentException.With.Message.Contains("'data' has 4 features"));
    }

    // Hidden units in [−1, 1], and more of them than fill the tiles of a kernel.
    [Test]
    public void Scores_come_near_the_exact_ones([Values(1, 5, 300)] int rows, [Values] bool fromBytes)
    {
        MultilayerPerceptron network = new(new() { Features = 100, HiddenUnits = [130, 90], Classes = 7 });
        PackedModel exact = ModelPacker.Pack(network);
        byte[] bytes = Array.ConvertAll(Numbers.Uniform(1, rows * 100, 0, 255), value => (byte)value);
        float[] x = Array.ConvertAll(bytes, value => value / 255f);
        ActivationPacking packing = ModelPacker.PackActivations(exact, Dataset.FromFloats(x, new int[rows], 100, 7));
        float[] expected = new float[rows * 7], actual = new float[rows * 7];
        exact.Scores(x, expected);

        if (fromBytes) packing.Model.Scores(bytes, actual);
        else packing.Model.Scores(x, actual);

        float largest = expected.Max(MathF.Abs);
        Assert.That(actual, Is.EqualTo(expected).Within(0.02 * largest));
        Assert.That(actual, Is.Not.EqualTo(expected));
        Assert.That(packing.Model.Layers.Select(layer => layer.InputBytes is null), Is.EqualTo(new[] { true, false, false }));
        Assert.That(packing.Count, Is.EqualTo(rows));
    }

    [Test]
    public void A_file_keeps_them()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("model.safetensors");
        var model = new PackedModel(new FeatureShape(3), 1, 0, [Hidden, Last]);

        model.Save(path);

        Assert.That(PackedModel.Load(path).Layers.Select(layer => layer.InputBytes), Is.EqualTo(new[] { null, Last.InputBytes }));
    }

    [Test]
    public void A_trained_network_keeps_its_accuracy()
    {
        MultilayerPerceptron network = new(new() { Features = 784, HiddenUnits = [128, 128], Classes = 10 });
        new Trainer(new TrainerOptions { MaxSteps = 300, RecomputeStatistics = true })
            .Fit(network, MnistData.Tutorial.Train, MnistData.Tutorial.Test);
        PackedModel exact = ModelPacker.Pack(network);

        ActivationPacking packing = ModelPacker.PackActivations(exact, MnistData.Tutorial.Validation);

        Assert.That(packing.ExactAccuracy, Is.EqualTo(exact.Accuracy(MnistData.Tutorial.Validation)).And.GreaterThan(0.8));
        Assert.That(packing.Accuracy, Is.EqualTo(packing.Model.Accuracy(MnistData.Tutorial.Validation)));
        Assert.That(packing.Accuracy, Is.EqualTo(packing.ExactAccuracy).Within(0.004));
        Assert.That(packing.ChangedClasses, Is.InRange(1, packing.Count / 100));
    }

    private static TestCaseData Case(string name, PackedLayer layer, string expected) =>
        new TestCaseData(layer, expected).SetArgDisplayNames(name);
}

using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Inference;

/// <summary>Packed networks whose activations are bits.</summary>
internal sealed class PackedSignsTests
{
    private const float Least = float.NegativeInfinity, Greatest = float.PositiveInfinity;

    // Three inputs and two hidden units; the second has a negative scale.
    private static PackedLayer Hidden { get; } = new(
        3, 2, new byte[] { 0b111, 0b001 }, default, new float[] { 1, -1 }, new float[] { -6, 0 }, Least, Greatest)
    {
        HasSignOutput = true,
    };

    private static PackedLayer Last { get; } = new(
        2, 1, new byte[] { 0b01 }, default, new float[] { 2 }, new float[] { 10 }, Least, Greatest);

    // The first unit is x₀ + x₁ + x₂ − 6, and the second x₁ + x₂ − x₀; the score is 10 + 2 · (sign − sign).
    [TestCase(1, 2, 3, ExpectedResult = 10f)]
    [TestCase(1, 2, 2, ExpectedResult = 6f)]
    [TestCase(9, 1, 1, ExpectedResult = 14f)]
    [TestCase(3, 1, 1, ExpectedResult = 10f)]
    public float A_sign_is_plus_from_0_on(byte first, byte second, byte third)
    {
        var model = new PackedModel(new FeatureShape(3), 1, 0, [Hidden, Last]);
        float[] ofBytes = new float[1], ofFloats = new float[1];

        model.Scores(new byte[] { first, second, third }, ofBytes);
        model.Scores(new float[] { first, second, third }, ofFloats);

        Assert.That(ofFloats, Is.EqualTo(ofBytes));
        Assert.That(model.ActivationBits, Is.EqualTo(1));
        return ofBytes[0];
    }

    [Test]
    public void Signs_before_real_weights_and_at_the_end_are_floats()
    {
        PackedLayer real = Last with { SignBits = default, Weights = new float[] { 3, 0.5f } };
        float[] scores = new float[1];

        new PackedModel(new FeatureShape(3), 1, 0, [Hidden, real with { HasSignOutput = true }]).Scores(
            new float[] { -9, 1, 1 }, scores);
        Assert.That(scores[0], Is.EqualTo(1));

        new PackedModel(new FeatureShape(3), 1, 0, [Hidden, real]).Scores(new byte[] { 9, 1, 1 }, scores);
        Assert.That(scores[0], Is.EqualTo(2 * (3 - 0.5f) + 10));
    }

    [Test]
    public void A_file_keeps_them()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("model.safetensors");
        new PackedModel(new FeatureShape(3), 1, 0, [Hidden, Last]).Save(path);

        Assert.That(PackedModel.Load(path).Layers.Select(layer => layer.HasSignOutput), Is.EqualTo(new[] { true, false }));
    }

    // Ragged sizes; batch normalization of both signs of γ; every number of rows that a kernel tells apart.
    [Test]
    public void A_trained_network_and_its_packed_form_give_the_same_classes([Values(1, 3, 4, 500)] int rows)
    {
        var network = new Sequential(new FeatureShape(784), 1,
        [
            new BinaryDense(130), new BatchNorm(), new SignActivation(), new BinaryDense(270), new BatchNorm(),
            new SignActivation(), new BinaryDense(10), new BatchNorm(),
        ]);
        new Trainer(new TrainerOptions { MaxSteps = 100, RecomputeStatistics = true })
            .Fit(network, MnistData.Tutorial.Train, MnistData.Tutorial.Test);
        Dataset test = MnistData.Tutorial.Test.Take(rows);
        int[] expected = new int[rows], actual = new int[rows];

        PackedModel packed = ModelPacker.Pack(network);
        network.Predict(test, expected);
        packed.Predict(test, actual);

        Assert.That(packed.ActivationBits, Is.EqualTo(1));
        Assert.That(packed.Layers, Has.Count.EqualTo(3));
        Assert.That(actual, Is.EqualTo(expected));
        if (rows == 500) Assert.That(expected.Distinct().Count(), Is.GreaterThan(5));
    }

    [Test]
    public void Eight_bits_are_for_layers_without_signs_before_them()
    {
        var network = new Sequential(new FeatureShape(20), 1,
        [
            new BinaryDense(30), new SignActivation(), new BinaryDense(40), new Relu(), new BinaryDense(3),
        ]);
        Dataset data = Dataset.FromFloats(Numbers.Uniform(1, 200), Numbers.Labels(1, 10, 3), 20, 3);

        PackedModel packed = ModelPacker.PackActivations(ModelPacker.Pack(network), data).Model;

        Assert.That(packed.Layers.Select(layer => layer.InputBytes is null), Is.EqualTo(new[] { true, true, false }));
    }
}

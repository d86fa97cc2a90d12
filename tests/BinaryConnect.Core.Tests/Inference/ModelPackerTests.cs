using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Models.Operations;
using BinaryConnect.Tests.Support;
using BinaryConnect.UserLayers;

namespace BinaryConnect.Tests.Inference;

/// <summary>Packed models against the networks that they are made from, with their signs as weights.</summary>
internal sealed class ModelPackerTests
{
    private const int Rows = 150;

    private static IEnumerable<TestCaseData> Networks =>
    [
        Named("logistic", () => new LogisticModel(37, 10, seed: 4)),
        Named("logistic of 3 classes with a scale", () => new LogisticModel(
            new LogisticModelOptions { Features = 37, Classes = 3, OutputScale = 0.25f, BinarizeBias = true })),
        Named(
            "paper",
            () => new MultilayerPerceptron(new() { Features = 37, HiddenUnits = [70, 33], Classes = 10, HiddenDropout = 0.5f })),
        Named("paper, bound below 1, no normalization", () => new MultilayerPerceptron(
            new() { Features = 37, HiddenUnits = [40], Classes = 10, Bound = 0.25f, Normalization = Normalization.None })),
        Named("real ends", () => new Sequential(new FeatureShape(37), 1,
        [
            new BatchNorm(), new BinaryDense(90) { Binarizer = new IdentityBinarizer() }, new BatchNorm(), new Relu(),
            new LearnedScale(0.5f),
            new BinaryDense(30), new Identity(), new BatchNorm(),
            new BinaryDense(10) { HasBias = true, Binarizer = new IdentityBinarizer() },
        ])),
    ];

    [TestCaseSource(nameof(Networks))]
    public void Scores_and_classes_are_those_of_the_network(Func<Sequential> make)
    {
        Sequential network = Settled(make());
        float[] x = Numbers.Uniform(1, Rows * network.FeatureCount), expected = new float[Rows * network.ClassCount];
        network.Infer(new Batch(x, Rows), expected);

        PackedModel packed = ModelPacker.Pack(network);

        float[] scores = new float[expected.Length], two = new float[expected.Length];
        packed.Scores(x, scores);
        packed.Scores(x, two, maxDegreeOfParallelism: 2);
        AssertClose(scores, expected);
        Assert.That(two, Is.EqualTo(scores), "two threads");
        int[] classes = new int[Rows], networksClasses = new int[Rows];
        packed.Predict(x, classes);
        network.Predict(x, networksClasses);
        Assert.That(classes, Is.EqualTo(networksClasses));
        Assert.That(classes.Distinct().Count(), Is.GreaterThan(1));
        Assert.That(
            Enumerable.Range(0, Rows).Select(row => packed.Predict(x.AsSpan(row * 37, 37))), Is.EqualTo(classes), "row by row");
    }

    [TestCaseSource(nameof(Networks))]
    public void Bytes_give_what_the_floats_that_they_stand_for_give(Func<Sequential> make)
    {
        Sequential network = Settled(make());
        byte[] bytes = Array.ConvertAll(Numbers.Uniform(1, Rows * network.FeatureCount, 0, 255), value => (byte)value);
        float[] expected = new float[Rows * network.ClassCount], scores = new float[expected.Length];
        network.Infer(new Batch(Array.ConvertAll(bytes, value => value / 128f - 1), Rows), expected);

        ModelPacker.Pack(network, inputScale: 1f / 128, inputShift: -1).Scores(bytes, scores);

        AssertClose(scores, expected);
    }

    [TestCaseSource(nameof(Networks))]
    public void A_file_gives_the_same_bits_back(Func<Sequential> make)
    {
        PackedModel packed = ModelPacker.Pack(Settled(make()), 0.5f, -3);
        using var stream = new MemoryStream();
        packed.Save(stream);
        stream.Position = 0;

        PackedModel loaded = PackedModel.Load(stream);

        float[] x = Numbers.Uniform(1, Rows * packed.FeatureCount), expected = new float[Rows * packed.ClassCount];
        float[] scores = new float[expected.Length];
        packed.Scores(x, expected);
        loaded.Scores(x, scores);
        Assert.That(Numbers.Bits(scores), Is.EqualTo(Numbers.Bits(expected)));
        Assert.That((loaded.InputScale, loaded.InputShift, loaded.InputShape), Is.EqualTo((0.5f, -3f, packed.InputShape)));
        Assert.That(loaded.Bytes, Is.EqualTo(packed.Bytes));
    }

    [Test]
    public void Signs_are_in_canonical_order()
    {
        var model = new LogisticModel(10, 2);
        new float[] { -1, 1, 1, -1, -1, -1, -1, 1, 1, -1, /* */ 1, -1, -1, -1, -1, -1, -1, -1, -1, 1 }.CopyTo(
            model.Weights.Latent);

        PackedLayer layer = ModelPacker.Pack(model).Layers.Single();

        Assert.That(layer.SignBits.ToArray(), Is.EqualTo(new byte[] { 0b1000_0110, 0b01, 0b0000_0001, 0b10 }));
        Assert.That(layer.Scale.ToArray(), Is.EqualTo(new float[] { 1, 1 }));
        Assert.That(layer.Offset.ToArray(), Is.EqualTo(new float[] { 1, 1 }));
    }

    [Test]
    public void Normalization_and_rectifier_need_no_layer_of_their_own_and_sizes_are_bits()
    {
        PackedModel packed = ModelPacker.Pack(
            new MultilayerPerceptron(new() { Features = 784, HiddenUnits = [1024, 1024, 1024], Classes = 10 }));
        using var stream = new MemoryStream();
        packed.Save(stream);

        Assert.That(packed.Layers, Has.Count.EqualTo(4));
        Assert.That(packed.Bytes, Is.EqualTo(2_910_208 / 8 + 8 * 3_082));
        Assert.That(stream.Length, Is.LessThan(392_000));
    }

    [Test]
    public void A_logistic_model_fits_1536_bytes()
    {
        using var stream = new MemoryStream();
        ModelPacker.Pack(new LogisticModel(784, 10)).Save(stream);

        Assert.That(stream.Length, Is.LessThanOrEqualTo(1_536));
    }

    [Test]
    public void The_network_stays_as_it_was()
    {
        var model = new LogisticModel(8, 3);
        model.Binarize(new IdentityBinarizer());
        float[] latent = model.Weights.Latent.ToArray(), effective = model.Weights.Effective.ToArray();

        ModelPacker.Pack(model);

        Assert.That(model.Weights.Latent.ToArray(), Is.EqualTo(latent));
        Assert.That(model.Weights.Effective.ToArray(), Is.EqualTo(effective));
    }

    [Test]
    public void Another_binarizer_packs_real_weights()
    {
        var model = new LogisticModel(8, 3);

        PackedLayer layer = ModelPacker.Pack(model, binarizer: new IdentityBinarizer()).Layers.Single();

        Assert.That(layer.SignBits.IsEmpty, Is.True);
        Assert.That(layer.Weights.ToArray(), Is.EqualTo(model.Weights.Latent.ToArray()));
    }

    [Test]
    public void A_layer_that_says_nothing_is_named_and_refused()
    {
        var network = new Sequential(new FeatureShape(4), 1, [new BinaryDense(3), new HardTanh()]);

        Assert.That(() => ModelPacker.Pack(network), Throws.ArgumentException.With.Message.StartsWith(
            "Layer 1 (layer1, example.com/hard_tanh) does not say what it computes at test time; "
            + "to be packed it must override 'TryExport'."));
    }

    [Test]
    public void A_layer_that_exports_what_does_not_fit_is_named_and_refused()
    {
        var network = new Sequential(new FeatureShape(4), 1, [new Wrong()]);

        Assert.That(() => ModelPacker.Pack(network), Throws.ArgumentException.With.Message.EqualTo(
            "Layer 0 (input, wrong) exports an operation that does not fit; it must have 4 inputs, and an output at least."));
    }

    private static void AssertClose(float[] scores, float[] expected)
    {
        double largest = expected.Max(Math.Abs);
        Assert.That(Numbers.LargestError(scores, Numbers.Doubles(expected)), Is.LessThanOrEqualTo(1e-4 * Math.Max(1, largest)));
    }

    // Statistics and parameters as after training; weights are the signs.
    private static Sequential Settled(Sequential network)
    {
        int seed = 10;
        foreach (Parameter parameter in network.Parameters.Where(parameter => !parameter.IsWeight))
            Numbers.Uniform(seed++, parameter.Length, 0.1f, 0.9f).CopyTo(parameter.Latent);
        foreach (Parameter parameter in network.Parameters.Where(parameter => parameter.IsWeight))
            Numbers.Uniform(seed++, parameter.Length, -parameter.Bound, parameter.Bound).CopyTo(parameter.Latent);
        foreach (Statistic statistic in network.Statistics)
            Numbers.Uniform(seed++, statistic.Values.Length, 0.5f, 2).CopyTo(statistic.Values);
        network.Binarize(new DeterministicBinarizer(), forInference: true);
        return network;
    }

    private static TestCaseData Named(string name, Func<Sequential> make) => new TestCaseData(make).SetArgDisplayNames(name);

    private sealed class Wrong : Layer
    {
        public override string Kind => "wrong";

        public override FeatureShape Build(FeatureShape input, LayerBuilder builder) => input;

        public override void Forward(in LayerPass pass) => pass.Input.CopyTo(pass.Output);

        public override void Backward(in LayerPass pass)
        {
        }

        public override bool TryExport(InferenceOps ops)
        {
            ops.Add(new RealLinear(3, 4, new float[12]));
            return true;
        }
    }
}

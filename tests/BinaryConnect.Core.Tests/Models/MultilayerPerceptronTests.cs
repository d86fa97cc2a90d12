using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

/// <summary>The layers of a network, and its initial values.</summary>
internal sealed class MultilayerPerceptronTests
{
    private static readonly MultilayerPerceptronOptions Options = new()
    {
        Features = 50,
        HiddenUnits = [40, 30],
        Classes = 10,
        Seed = 7,
    };

    [Test]
    public void Parameters_come_layer_by_layer_weights_gamma_beta()
    {
        var model = new MultilayerPerceptron(Options);

        Assert.That(model.Parameters.Select(parameter => parameter.Name), Is.EqualTo(new[]
        {
            "layer1.weights", "layer1.gamma", "layer1.beta",
            "layer2.weights", "layer2.gamma", "layer2.beta",
            "layer3.weights", "layer3.gamma", "layer3.beta",
        }));
        Assert.That(model.Statistics.Select(statistic => statistic.Name), Is.EqualTo(new[]
        {
            "layer1.mean", "layer1.variance", "layer2.mean", "layer2.variance", "layer3.mean", "layer3.variance",
        }));
        Assert.That(
            model.Parameters.Where(parameter => parameter.IsWeight).Select(parameter => (parameter.FanIn, parameter.FanOut)),
            Is.EqualTo(new[] { (50, 40), (40, 30), (30, 10) }));
        Assert.That(
            model.Parameters.Where(parameter => parameter.IsBinarized),
            Is.EqualTo(model.DenseLayers.Select(layer => layer.Weights)));
    }

    [Test]
    public void Without_normalization_layers_have_biases_of_0_instead()
    {
        var model = new MultilayerPerceptron(Options with { Normalization = Normalization.None });

        Assert.That(model.Parameters.Select(parameter => parameter.Name), Is.EqualTo(new[]
        {
            "layer1.weights", "layer1.bias", "layer2.weights", "layer2.bias", "layer3.weights", "layer3.bias",
        }));
        Assert.That(model.Statistics, Is.Empty);
        Assert.That(model.Normalizations, Is.Empty);
        Assert.That(model.DenseLayers.SelectMany(layer => layer.Bias!.Latent.ToArray()), Is.All.Zero);
    }

    [Test]
    public void Layers_are_those_that_the_options_ask_for()
    {
        var model = new MultilayerPerceptron(Options with
        {
            InputDropout = 0.1f,
            HiddenDropout = 0.4f,
            NormalizationEpsilon = 0.5f,
            NormalizationMomentum = 0.25f,
        });

        Assert.That((model.FeatureCount, model.ClassCount, model.AcceptsBytes), Is.EqualTo((50, 10, true)));
        Assert.That(
            model.Normalizations.Select(norm => (norm.Gamma.Length, norm.Epsilon, norm.Momentum)),
            Is.EqualTo(new[] { (40, 0.5f, 0.25f), (30, 0.5f, 0.25f), (10, 0.5f, 0.25f) }));
        Assert.That(
            model.Dropouts.Select(dropout => (dropout.Mask!.ValuesPerRow, dropout.Rate)),
            Is.EqualTo(new[] { (50, 0.1f), (40, 0.4f), (30, 0.4f) }));
        Assert.That(new MultilayerPerceptron(Options).Dropouts, Is.Empty);
    }

    // By default √(6/(fan_in + fan_out)) of each layer; never beyond the bound.
    [TestCase(null, 1f, 0.2581989f, 0.2927700f, 0.3872983f)]
    [TestCase(null, 0.27f, 0.2581989f, 0.27f, 0.27f)]
    [TestCase(0.01f, 1f, 0.01f, 0.01f, 0.01f)]
    [TestCase(1f, 1f, 1f, 1f, 1f)]
    [TestCase(3e38f, 3e38f, 3e38f, 3e38f, 3e38f)]
    public void Weights_start_uniform_in_the_range(float? range, float bound, float first, float second, float third)
    {
        var model = new MultilayerPerceptron(Options with { InitialRange = range, Bound = bound });

        foreach ((BinaryDense layer, float expected) in model.DenseLayers.Zip(new[] { first, second, third }))
        {
            double[] shares = Array.ConvertAll(Numbers.Doubles(layer.Weights.Latent), weight => weight / expected);
            int count = shares.Length;
            Assert.That(shares, Is.All.InRange(-1 - 1e-6, 1 + 1e-6));
            Assert.That(shares.Max(), Is.GreaterThan(1 - 20.0 / count));
            Assert.That(shares.Min(), Is.LessThan(-1 + 20.0 / count));
            Assert.That(shares.Average(), Is.EqualTo(0).Within(5 / Math.Sqrt(3 * count)), "five standard errors");
            Assert.That(
                shares.Average(share => share * share), Is.EqualTo(1.0 / 3).Within(5 * Math.Sqrt(4.0 / 45 / count)),
                "five standard errors");
            Assert.That(layer.Weights.Bound, Is.EqualTo(bound));
        }
    }

    [Test]
    public void Weights_start_below_the_upper_end_of_the_range_and_are_binarized_to_signs()
    {
        var model = new MultilayerPerceptron(
            new MultilayerPerceptronOptions { Features = 1_000, HiddenUnits = [1_000], Classes = 2, InitialRange = 0.7f });

        BinaryDense layer = model.DenseLayers[0];
        Assert.That(layer.Weights.Latent.ToArray().Max(), Is.LessThan(0.7f));
        Assert.That(layer.Weights.Latent.ToArray().Min(), Is.GreaterThanOrEqualTo(-0.7f));
        Assert.That(
            layer.Weights.Effective.ToArray().Zip(layer.Weights.Latent.ToArray())
                .All(pair => pair.First == (pair.Second < 0 ? -1 : 1)),
            Is.True);
    }

    [Test]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        float[][] weights = Weights(7), same = Weights(7), others = Weights(8), negated = Weights(-7);

        for (int i = 0; i < weights.Length; i++)
        {
            Assert.That(same[i], Is.EqualTo(weights[i]));
            Assert.That(others[i], Is.Not.EqualTo(weights[i]));
            Assert.That(negated[i], Is.Not.EqualTo(weights[i]));
        }

        float[][] Weights(int seed) =>
            [.. new MultilayerPerceptron(Options with { Seed = seed }).DenseLayers
                .Select(layer => layer.Weights.Latent.ToArray())];
    }

    [Test]
    public void Layers_of_the_same_shape_draw_weights_and_masks_of_their_own()
    {
        var model = new MultilayerPerceptron(new MultilayerPerceptronOptions
        {
            Features = 30,
            HiddenUnits = [30, 30],
            Classes = 3,
            InputDropout = 0.5f,
            HiddenDropout = 0.5f,
        });

        Assert.That(model.DenseLayers[1].Weights.Latent.ToArray(), Is.Not.EqualTo(model.DenseLayers[0].Weights.Latent.ToArray()));
        float[][] masks = [.. model.Dropouts.Select(dropout => LayerRun.NextMask(dropout, rows: 4))];
        Assert.That(masks[1], Is.Not.EqualTo(masks[0]));
        Assert.That(masks[2], Is.Not.EqualTo(masks[1]));
    }

    [Test]
    public void The_same_seed_gives_the_same_dropout_and_draws_can_be_set_to_go_on()
    {
        MultilayerPerceptronOptions options = Options with { InputDropout = 0.2f, HiddenDropout = 0.5f };
        MultilayerPerceptron first = new(options), second = new(options), other = new(options with { Seed = 8 });
        other.DenseLayers.Zip(first.DenseLayers).ToList()
            .ForEach(pair => pair.Second.Weights.Latent.CopyTo(pair.First.Weights.Latent));
        other.Binarize(new DeterministicBinarizer());

        float[] one = Forward(first), two = Forward(first);

        Assert.That(Forward(second), Is.EqualTo(one));
        Assert.That(two, Is.Not.EqualTo(one));
        Assert.That(Forward(other), Is.Not.EqualTo(one));
        Assert.That(first.Dropouts.Select(dropout => dropout.Draws), Is.All.EqualTo(2));
        second.Draws = [1, 1, 1];
        Assert.That(Forward(second), Is.EqualTo(two));
    }

    [Test]
    public void Bytes_and_the_floats_they_stand_for_give_the_same_bits()
    {
        const int Rows = 6;
        byte[] bytes = [.. Enumerable.Range(0, Rows * 50).Select(i => (byte)(i * 37))];
        Dataset stored = Dataset.FromBytes(bytes, Numbers.Labels(1, Rows, 10), 50, 10, scale: 1f / 64, shift: -2);
        float[] floats = new float[bytes.Length], gradient = Numbers.Uniform(3, Rows * 10);
        for (int i = 0; i < Rows; i++) stored.CopyRow(i, floats.AsSpan(i * 50, 50));
        MultilayerPerceptron ofBytes = new(Options), ofFloats = new(Options);
        float[] logitsOfBytes = new float[Rows * 10], logitsOfFloats = new float[Rows * 10];

        ofBytes.Forward(new Batch(bytes, stored.Labels, stored.Scale, stored.Shift), logitsOfBytes);
        ofFloats.Forward(new Batch(floats, stored.Labels), logitsOfFloats);
        ofBytes.Backward(new Batch(bytes, stored.Labels, stored.Scale, stored.Shift), gradient);
        ofFloats.Backward(new Batch(floats, stored.Labels), gradient);

        Assert.That(logitsOfBytes, Is.EqualTo(logitsOfFloats));
        foreach ((Parameter one, Parameter other) in ofBytes.Parameters.Zip(ofFloats.Parameters))
            Assert.That(Numbers.Bits(one.Gradient), Is.EqualTo(Numbers.Bits(other.Gradient)), one.Name);
    }

    [Test]
    public void A_batch_after_a_larger_one_gives_what_it_gives_alone()
    {
        float[] features = Numbers.Uniform(1, 12 * 50), gradient = Numbers.Uniform(2, 5 * 10), logits = new float[12 * 10];
        MultilayerPerceptron used = new(Options), fresh = new(Options);
        used.Forward(new Batch(features, new int[12]), logits);
        float[] after = new float[5 * 10], alone = new float[5 * 10];
        var batch = new Batch(features.AsSpan(0, 5 * 50), new int[5]);

        used.Forward(batch, after);
        used.Backward(batch, gradient);
        fresh.Forward(batch, alone);
        fresh.Backward(batch, gradient);

        Assert.That(after, Is.EqualTo(alone));
        foreach ((Parameter one, Parameter other) in used.Parameters.Zip(fresh.Parameters))
            Assert.That(Numbers.Bits(one.Gradient), Is.EqualTo(Numbers.Bits(other.Gradient)), one.Name);
    }

    [Test]
    public void Own_signs_and_the_librarys_give_the_same_bits()
    {
        MultilayerPerceptron own = new(Options), librarys = new(Options);
        own.Binarize(new IdentityBinarizer());
        float[] before = Forward(own);

        own.Binarize(OwnBinarizer.Signs);
        librarys.Binarize(new DeterministicBinarizer());

        float[] after = Forward(own);
        Assert.That(after, Is.EqualTo(Forward(librarys)));
        Assert.That(after, Is.Not.EqualTo(before));
    }

    private static float[] Forward(MultilayerPerceptron model)
    {
        float[] logits = new float[8 * 10];
        model.Forward(new Batch(Numbers.Uniform(1, 8 * 50), new int[8]), logits);
        return logits;
    }
}

using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

/// <summary>
/// Layers whose weights fill several blocks, some partly: any number of threads binarizes as one call for each layer.
/// </summary>
internal sealed class NetworkBinarizationTests
{
    private static readonly MultilayerPerceptronOptions Large = new()
    {
        Features = 700,
        HiddenUnits = [300, 301],
        Classes = 10,
        Bound = 0.5f,
    };
    private static readonly MultilayerPerceptronOptions Small = new()
    {
        Features = 70,
        HiddenUnits = [30, 31],
        Classes = 10,
        Bound = 0.5f,
    };

    [Test]
    public void Random_signs_are_those_of_one_call_for_each_layer([Values(1, 2, 3, 4)] int threads, [Values] bool isLarge)
    {
        var model = new MultilayerPerceptron(isLarge ? Large : Small) { MaxDegreeOfParallelism = threads };
        StochasticBinarizer network = new(11) { Draws = 5 }, calls = new(11) { Draws = 5 };

        for (int step = 0; step < 3; step++)
        {
            model.Binarize(network);

            AssertBinarizes(model, calls);
            Assert.That(network.Draws, Is.EqualTo(5 + 3 * (step + 1)), "one draw for each layer");
            Assert.That(network.Draws, Is.EqualTo(calls.Draws));
        }
    }

    [Test]
    public void Whatever_binarizes_gives_what_it_gives_alone([Values(1, 3)] int threads, [Values] bool isLarge)
    {
        var model = new MultilayerPerceptron(isLarge ? Large : Small) { MaxDegreeOfParallelism = threads };
        foreach (IBinarizer binarizer in new IBinarizer[]
        {
            new DeterministicBinarizer(), OwnBinarizer.Ternary, new IdentityBinarizer(), OwnBinarizer.Signs,
        })
        {
            model.Binarize(binarizer);
            AssertBinarizes(model, binarizer);
        }
    }

    [Test]
    public void Effective_weights_stay_as_last_binarized_while_latent_ones_move([Values(1, 2)] int threads)
    {
        var model = new MultilayerPerceptron(Large) { MaxDegreeOfParallelism = threads };
        float[][] expected =
        [
            .. model.DenseLayers
                .Select(layer => Array.ConvertAll(layer.Weights.Latent.ToArray(), weight => weight < 0 ? -0.5f : 0.5f)),
        ];
        model.Binarize(new DeterministicBinarizer());

        foreach (BinaryDense layer in model.DenseLayers) layer.Weights.Latent.Fill(-1);

        Assert.That(model.DenseLayers.Select(layer => layer.Weights.Effective.ToArray()), Is.EqualTo(expected));
        Assert.That(
            model.DenseLayers.Select(layer => layer.Weights.Effective.ToArray()), Is.EqualTo(expected), "asked once more");
    }

    // Packed signs that are out of date, or those of another layer, give other outputs.
    [Test]
    public void The_products_use_the_effective_weights([Values(1, 2)] int threads, [Values] bool isLarge)
    {
        MultilayerPerceptronOptions options = isLarge ? Large : Small;
        var model = new MultilayerPerceptron(options) { MaxDegreeOfParallelism = threads };
        float[] features = Numbers.Uniform(1, 2 * options.Features), logits = new float[2 * options.Classes];
        IBinarizer[] binarizers =
        [
            new StochasticBinarizer(3), new IdentityBinarizer(), new StochasticBinarizer(4), OwnBinarizer.Ternary,
            new DeterministicBinarizer(),
        ];
        foreach (IBinarizer binarizer in binarizers)
        {
            model.Binarize(binarizer);
            model.Forward(new Batch(features, [0, 1]), logits);

            // Two rows that differ normalize to ±1, which hides errors. So the first layer is checked by itself.
            Layer first = LayerRun.Adopted(model.DenseLayers[0], options.Features, options.HiddenUnits[0]);
            double[] expected = ReferenceLayers.Dense(
                Numbers.Doubles(features), Numbers.Doubles(model.DenseLayers[0].Weights.Effective), bias: null, rows: 2);
            Assert.That(Numbers.RelativeError(LayerRun.Forward(first, features), expected), Is.LessThan(1e-5), $"{binarizer}");
            Assert.That(
                Numbers.RelativeError(logits, new ReferenceNetwork(model).Outputs(Numbers.Doubles(features), 2)),
                Is.LessThan(1e-3), $"{binarizer}");
        }
    }

    [Test]
    public void Layers_of_which_only_some_are_signs_go_their_own_ways()
    {
        // The second layer alone has a weight that is no sign.
        int calls = 0;
        var model = new MultilayerPerceptron(Small);
        model.Binarize(new OwnBinarizer((weight, bound) => calls++ == 70 * 30 + 5 ? 0 : MathF.CopySign(bound, weight)));

        Assert.That(model.DenseLayers.Select(layer => layer.IsBinary), Is.EqualTo(new[] { true, false, true }));
    }

    // The first layer has new signs by then, the second old ones and new.
    [Test]
    public void A_binarizer_that_throws_leaves_no_layer_with_signs_of_other_weights()
    {
        int calls = 0;
        var fault = new InvalidOperationException("no more weights today");
        var model = new MultilayerPerceptron(Small);
        float[] features = Numbers.Uniform(1, 3 * Small.Features), logits = new float[3 * Small.Classes];

        Assert.That(
            () => model.Binarize(
                new OwnBinarizer((weight, bound) => calls++ < 70 * 30 + 5 ? MathF.CopySign(bound, -weight) : throw fault)),
            Throws.Exception.SameAs(fault));

        model.Forward(new Batch(features, [0, 1, 2]), logits);
        Assert.That(
            Numbers.RelativeError(logits, new ReferenceNetwork(model).Outputs(Numbers.Doubles(features), 3)), Is.LessThan(1e-4));
    }

    private static void AssertBinarizes(MultilayerPerceptron model, IBinarizer calls)
    {
        foreach (Parameter weights in model.DenseLayers.Select(layer => layer.Weights))
        {
            float[] expected = new float[weights.Length];
            calls.Binarize(weights.Latent, expected, weights.Bound);
            Assert.That(weights.Effective.SequenceEqual(expected), Is.True, $"{weights.Name} by {calls}");
        }
    }
}

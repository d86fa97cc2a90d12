using System.Numerics.Tensors;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

/// <summary>How a network is made, the arguments that it refuses, and the names and seeds of its layers.</summary>
internal sealed class SequentialTests
{
    private static readonly FeatureShape Input = new(SmallData.Features);

    private static OwnLayer TwoWeights => new()
    {
        OnBuild = (input, builder) =>
        {
            builder.AddWeights("first", [input.Length, 2], 2, input.Length, initialRange: 1);
            builder.AddWeights("second", [input.Length, 2], 2, input.Length, initialRange: 1);
            return input;
        },
    };

    [Test]
    public void No_layers_and_no_inputs_are_refused()
    {
        Assert.That(
            () => new Sequential(Input, 0, null!),
            Throws.ArgumentNullException.With.Property("ParamName").EqualTo("layers"));
        Assert.That(
            () => new Sequential(Input, 0, []),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'layers' is empty"));
        Assert.That(
            () => new Sequential(Input, 0, [new Relu(), null!]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("null at 1"));
        Assert.That(
            () => new Sequential(default, 0, [new Relu()]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'input' has no values"));
    }

    [Test]
    public void A_layer_belongs_to_one_place_of_one_network()
    {
        var relu = new Relu();
        Assert.That(
            () => new Sequential(Input, 0, [relu, new Identity(), relu]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("stands twice"));

        Sequential network = new(Input, 0, [new BinaryDense(3)]);
        Assert.That(
            () => new Sequential(Input, 0, network.Layers),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("belongs to another network"));
    }

    [Test]
    public void Two_parameters_of_one_name_are_refused_with_the_remedy()
    {
        Assert.That(
            () => new Sequential(Input, 0, [new BinaryDense(3), new LearnedScale(), new LearnedScale()]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'layer1.log scale'").And.Message.Contains("'Name'"));
        Assert.That(
            () => new Sequential(Input, 0, [new BinaryDense(3) { Name = "" }, new BinaryDense(3) { Name = "" }]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'weights'"));
        var network = new Sequential(Input, 0, [new BinaryDense(3), new LearnedScale(), new LearnedScale { Name = "last" }]);
        Assert.That(
            network.Parameters.Select(parameter => parameter.Name),
            Is.EqualTo(new[] { "layer1.weights", "layer1.log scale", "last.log scale" }));
    }

    [Test]
    public void A_parameter_and_a_statistic_of_one_name_are_refused()
    {
        var layer = new OwnLayer
        {
            OnBuild = (input, builder) =>
            {
                builder.AddVector("mean", 3);
                builder.AddStatistic("mean", 3);
                return input;
            },
        };

        Assert.That(
            () => new Sequential(Input, 0, [layer]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'input.mean'"));
    }

    [Test]
    public void A_layer_without_outputs_is_refused()
    {
        var layer = new OwnLayer { OnBuild = (_, _) => default };

        Assert.That(
            () => new Sequential(Input, 0, [new Relu(), layer]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'example.com/own'").And.Message.Contains("no outputs"));
    }

    [Test]
    public void Names_count_the_layers_with_weights()
    {
        var network = new Sequential(Input, 0,
        [
            new BatchNorm(), new BinaryDense(8), new BatchNorm(), new Relu(),
            new BinaryDense(7) { Name = "mine", HasBias = true }, new BatchNorm(),
            new BinaryDense(3) { Name = "", InitialScale = 2 },
        ]);

        Assert.That(network.Parameters.Select(parameter => parameter.Name), Is.EqualTo(new[]
        {
            "input.gamma", "input.beta", "layer1.weights", "layer1.gamma", "layer1.beta", "mine.weights", "mine.bias",
            "layer2.gamma", "layer2.beta", "weights", "log scale",
        }));
        Assert.That(network.Statistics.Select(statistic => statistic.Name), Is.EqualTo(new[]
        {
            "input.mean", "input.variance", "layer1.mean", "layer1.variance", "layer2.mean", "layer2.variance",
        }));
        Assert.That(
            network.Summary().Layers.Select(layer => layer.Name),
            Is.EqualTo(new[] { "input", "layer1", "layer1", "layer1", "mine", "layer2", "layer3" }));
    }

    [Test]
    public void Weights_differ_between_layers_parameters_and_seeds()
    {
        float[][] values = [.. Weights(1), .. Weights(2), .. Weights(-1), .. Weights(int.MinValue)];

        Assert.That(values.Select(some => some[0]).Distinct().Count(), Is.EqualTo(values.Length));
        Assert.That(values, Is.Unique);
        Assert.That(Weights(1), Is.EqualTo(values[..4]), "the same seed");

        static float[][] Weights(int seed) =>
            [.. new Sequential(Input, seed, [TwoWeights, TwoWeights]).Parameters.Select(parameter => parameter.Latent.ToArray())];
    }

    [Test]
    public void Random_layers_in_a_row_draw_different_numbers()
    {
        var drawn = new List<float>();
        var network = new Sequential(
            Input,
            5,
            [Drawing(), Drawing(), new BinaryDense(SmallData.Features), Drawing(), Drawing(), new BinaryDense(3), Drawing()]);
        network.Forward(new Batch(new float[2 * SmallData.Features], 2), new float[2 * 3]);

        Assert.That(drawn, Has.Count.EqualTo(10));
        Assert.That(drawn, Is.Unique);
        Assert.That(network.Draws, Is.EqualTo(Enumerable.Repeat(1L, 10)));

        OwnLayer Drawing()
        {
            RandomDraws[] random = new RandomDraws[2];
            return new OwnLayer
            {
                OnBuild = (input, builder) =>
                {
                    (random[0], random[1]) = (builder.AddRandom(), builder.AddRandom());
                    return input;
                },
                OnForward = (in LayerPass pass) =>
                {
                    pass.Input.CopyTo(pass.Output);
                    float[] one = new float[1];
                    foreach (RandomDraws draws in random)
                    {
                        draws.Uniform(one);
                        drawn.Add(one[0]);
                    }
                },
            };
        }
    }

    [Test]
    public void Draws_are_checked_before_any_is_set()
    {
        var network = new Sequential(
            Input, 5, [new Dropout(0.5f), new Dropout(0.5f), new BinaryDense(3) { Binarizer = new StochasticBinarizer(1) }]);
        network.Draws = [1, 2, 3];

        Assert.That(() => network.Draws = null!, Throws.ArgumentNullException);
        Assert.That(() => network.Draws = [4, 5], Throws.InstanceOf<ArgumentException>());
        Assert.That(() => network.Draws = [4, 5, -1], Throws.InstanceOf<ArgumentException>());
        Assert.That(network.Draws, Is.EqualTo(new long[] { 1, 2, 3 }));
    }

    // The input is wider than all outputs, and the layer takes bytes: no buffer has room for an input gradient.
    [Test]
    public void A_network_without_parameters_computes_and_has_no_gradients([Values] bool takesBytes)
    {
        int backwards = 0;
        var sum = new OwnLayer
        {
            TakesBytes = takesBytes,
            OnBuild = (_, _) => new FeatureShape(1),
            OnForward = (in LayerPass pass) =>
            {
                for (int i = 0; i < pass.Rows; i++)
                    pass.Output[i] = pass.Input[i * SmallData.Features] + pass.Input[(i + 1) * SmallData.Features - 1];
            },
            OnBackward = (in LayerPass pass) =>
            {
                backwards++;
                pass.InputGradient.Clear();
            },
        };
        var network = new Sequential(Input, 0, [sum]);
        var batch = new Batch(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }, 2, 0.5f, 1);
        float[] outputs = new float[2];

        network.Forward(batch, outputs);
        network.Backward(batch, [1, 1]);

        Assert.That(outputs, Is.EqualTo(new[] { 5.5f, 11.5f }));
        Assert.That(backwards, Is.Zero);
    }

    [Test]
    public void An_exception_of_a_layer_leaves_a_network_that_works([Values(1, 3)] int threads, [Values] PassMode mode)
    {
        bool fails = false;
        var fault = new InvalidOperationException("not today");
        Sequential network = New(() => fails ? throw fault : 1), other = New(() => 1);
        Dataset data = SmallData.Floats(40);
        Run(network);
        Run(other);

        fails = true;
        Assert.That(() => Run(network), Throws.Exception.SameAs(fault));
        Batch batch = data.ViewRaw(0, 40);
        if (mode == PassMode.Training)
        {
            try
            {
                network.Backward(batch, new float[40 * 3]);
                Assert.Fail("It must throw.");
            }
            catch (InvalidOperationException notForward)
            {
                Assert.That(notForward.Message, Does.Contain("must follow 'Forward'"));
            }
        }

        fails = false;
        network.Draws = other.Draws;
        foreach ((Statistic mine, Statistic its) in network.Statistics.Zip(other.Statistics)) its.Values.CopyTo(mine.Values);
        Assert.That(Run(network), Is.EqualTo(Run(other)));
        Assert.That(SmallNetwork.Bits(network), Is.EqualTo(SmallNetwork.Bits(other)));

        float[] Run(Sequential model)
        {
            float[] outputs = new float[40 * 3];
            Batch rows = data.ViewRaw(0, 40);
            if (mode == PassMode.Training) model.Forward(rows, outputs);
            if (mode == PassMode.Statistics) model.RecomputeStatistics(data, 10);
            if (mode != PassMode.Training) model.Infer(rows, outputs);
            if (mode == PassMode.Training) model.Backward(rows, outputs);
            return outputs;
        }

        Sequential New(Func<float> factor) => new(Input, 1,
        [
            new BinaryDense(20), new BatchNorm(), new Dropout(0.25f),
            new OwnLayer { OnForward = (in LayerPass pass) => TensorPrimitives.Multiply(pass.Input, factor(), pass.Output) },
            new BinaryDense(3) { HasBias = true },
        ])
        {
            MaxDegreeOfParallelism = threads,
        };
    }

    [Test]
    public void Bytes_with_a_shift_are_their_floats(
        [Values(3, 16, 17, 40)] int outputs, [Values(0, -0.5f, 2)] float shift, [Values] bool dropsFirst)
    {
        const int Rows = 9, Features = 37;
        const float Scale = 1f / 64;
        byte[] bytes = Array.ConvertAll(Numbers.Uniform(1, Rows * Features, 0, 255), value => (byte)value);
        float[] floats = Array.ConvertAll(bytes, value => value * Scale + shift), g = Numbers.Uniform(2, Rows * outputs);
        Layer[] before = dropsFirst ? [new Dropout(0.5f)] : [];
        var network = new Sequential(
            new FeatureShape(Features), 1, [.. before, new BinaryDense(outputs) { HasBias = true, InitialScale = 0.5f }]);
        foreach (IBinarizer binarizer in new IBinarizer[] { new DeterministicBinarizer(), new IdentityBinarizer() })
        {
            network.Binarize(binarizer);
            (float[] expected, float[][] gradients) = Run(new Batch(floats, Rows));
            (float[] actual, float[][] actualGradients) = Run(new Batch(bytes, Rows, Scale, shift));

            Assert.That(Numbers.RelativeError(actual, Numbers.Doubles(expected)), Is.LessThan(1e-4));
            foreach ((float[] some, float[] exact) in actualGradients.Zip(gradients))
                Assert.That(Numbers.RelativeError(some, Numbers.Doubles(exact)), Is.LessThan(1e-4));
        }

        (float[] Outputs, float[][] Gradients) Run(Batch batch)
        {
            float[] z = new float[Rows * outputs];
            network.Draws = new long[network.Draws.Count];
            network.Forward(batch, z);
            network.Backward(batch, g);
            return (z, [.. network.Parameters.Select(parameter => parameter.Gradient.ToArray())]);
        }
    }
}

using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Golden;

/// <summary>
/// Three steps of a binarized 12-16-16-5 network in float32 against PyTorch in float64, through the public classes.
/// </summary>
internal sealed class MultilayerGoldenTests
{
    private const int BatchSize = 8;
    private static readonly int[] Sizes = [12, 16, 16, 5];

    [TestCase("adam")]
    [TestCase("sgd")]
    public void Three_steps_follow_the_reference(string optimizer)
    {
        MultilayerPerceptron model = StartingModel();
        bool isAdam = optimizer == "adam";
        var step = new TrainingStep(model, new TrainerOptions
        {
            BatchSize = BatchSize,
            Loss = new SquaredHingeLoss(),
            Optimizer = isAdam ? new Adam() : new Sgd(),
            RateScaling = isAdam ? RateScaling.InverseGlorot : RateScaling.InverseGlorotSquared,
        });
        double[] losses = GoldenVectors.MultilayerLosses(optimizer);

        for (int i = 0; i < 3; i++)
        {
            StepResult result = step.Run(BatchOf(i), isAdam ? 1e-3f : 1e-2f);
            Assert.That(result.Loss, Is.EqualTo(losses[i]).Within(1e-5 * losses[i]), $"loss {i}");
        }

        for (int i = 0; i < 3; i++)
        {
            AssertClose(model.DenseLayers[i].Weights.Latent, Weights($"mlp/{optimizer}3-w{i}.f64", i), $"weights {i}");
            AssertClose(
                model.Normalizations[i].Gamma.Latent, GoldenVectors.Doubles($"mlp/{optimizer}3-gamma{i}.f64"), $"gamma {i}");
            AssertClose(model.Normalizations[i].Beta.Latent, GoldenVectors.Doubles($"mlp/{optimizer}3-beta{i}.f64"), $"beta {i}");
            AssertClose(
                model.Normalizations[i].RunningMean.Values, GoldenVectors.Doubles($"mlp/{optimizer}3-mean{i}.f64"), $"mean {i}");
            AssertClose(
                model.Normalizations[i].RunningVariance.Values, GoldenVectors.Doubles($"mlp/{optimizer}3-var{i}.f64"),
                $"variance {i}");
        }
    }

    [Test]
    public void Outputs_and_gradients_of_the_first_step_are_those_of_the_reference()
    {
        MultilayerPerceptron model = StartingModel();
        float[] logits = new float[BatchSize * Sizes[^1]], gradient = new float[logits.Length];
        Batch batch = BatchOf(0);

        model.Forward(batch, logits);
        new SquaredHingeLoss().Compute(logits, batch.Labels, gradient);
        model.Backward(batch, gradient);

        AssertClose(logits, GoldenVectors.Doubles("mlp/output1.f64"), "outputs");
        for (int i = 0; i < 3; i++)
        {
            AssertClose(model.DenseLayers[i].Weights.Gradient, Weights($"mlp/grad1-w{i}.f64", i), $"gradient of weights {i}");
            AssertClose(
                model.Normalizations[i].Gamma.Gradient, GoldenVectors.Doubles($"mlp/grad1-gamma{i}.f64"),
                $"gradient of gamma {i}");
            AssertClose(
                model.Normalizations[i].Beta.Gradient, GoldenVectors.Doubles($"mlp/grad1-beta{i}.f64"), $"gradient of beta {i}");
        }
    }

    private static MultilayerPerceptron StartingModel()
    {
        var model = new MultilayerPerceptron(new MultilayerPerceptronOptions
        {
            Features = Sizes[0],
            HiddenUnits = Sizes[1..^1],
            Classes = Sizes[^1],
        });
        for (int i = 0; i < 3; i++)
            GoldenVectors.Transposed(GoldenVectors.Doubles($"mlp/w{i}.f64"), Sizes[i])
                .CopyTo(model.DenseLayers[i].Weights.Latent);
        model.Binarize(new DeterministicBinarizer());
        return model;
    }

    private static Batch BatchOf(int step)
    {
        int length = BatchSize * Sizes[0];
        float[] features = Array.ConvertAll(
            GoldenVectors.Doubles("mlp/x.f64")[(step * length)..((step + 1) * length)], value => (float)value);
        return new Batch(features, GoldenVectors.Integers("mlp/y.i32").AsSpan(step * BatchSize, BatchSize));
    }

    // The reference stores [inputs, outputs].
    private static double[] Weights(string name, int layer)
    {
        double[] values = GoldenVectors.Doubles(name);
        int rows = Sizes[layer], columns = Sizes[layer + 1];
        return [.. Enumerable.Range(0, values.Length).Select(i => values[i % rows * columns + i / rows])];
    }

    private static void AssertClose(ReadOnlySpan<float> actual, double[] expected, string what) =>
        Assert.That(Numbers.RelativeError(actual, expected), Is.LessThan(1e-5), what);
}

using System.Numerics.Tensors;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using CsCheck;

namespace BinaryConnect.Tests.Models;

[TestFixtureSource(typeof(ZerosFixture), nameof(ZerosFixture.Forms))]
internal sealed class LogisticModelTests(bool skipsZeros) : ZerosFixture(skipsZeros)
{
    [Test]
    public void Model_starts_as_the_tutorial_has_it()
    {
        var model = new LogisticModel(features: 100, classes: 10);

        Assert.That(model.FeatureCount, Is.EqualTo(100));
        Assert.That(model.ClassCount, Is.EqualTo(10));
        float[] weights = model.Weights.Latent.ToArray();
        Assert.That(weights, Is.All.InRange(0f, MathF.BitDecrement(1)));
        Assert.That(weights.Average(), Is.EqualTo(0.5).Within(0.04), "the mean of 1,000 uniform values");
        Assert.That(weights.Min(), Is.LessThan(0.02));
        Assert.That(weights.Max(), Is.GreaterThan(0.98));
        Assert.That(weights.Distinct().Count(), Is.GreaterThan(990));
        Assert.That(model.Bias.Latent.ToArray(), Is.EqualTo(Enumerable.Repeat(1f, 10)));
        Assert.That(model.LogScale, Is.Null);
        Assert.That(model.OutputScale, Is.EqualTo(1));
        Assert.That(model.Parameters, Is.EqualTo(new[] { model.Weights, model.Bias }));
        Assert.That(model.Weights.Effective.ToArray(), Is.All.EqualTo(1), "signs, from the start");
    }

    [Test]
    public void Parameters_say_what_they_are()
    {
        var model = new LogisticModel(new LogisticModelOptions { Features = 4, Classes = 3, OutputScale = 0.5f });

        Assert.That(model.Parameters, Is.EqualTo(new[] { model.Weights, model.Bias, model.LogScale! }));
        Assert.That(model.Parameters.Select(p => p.Name), Is.EqualTo(new[] { "weights", "bias", "log scale" }));
        Assert.That(model.Parameters.Select(p => p.FanIn), Is.EqualTo(new[] { 4, 1, 1 }));
        Assert.That(model.Parameters.Select(p => p.FanOut), Is.EqualTo(new[] { 3, 3, 1 }));
        Assert.That(model.Parameters.Select(p => p.IsWeight), Is.EqualTo(new[] { true, false, false }));
        Assert.That(model.Parameters.Select(p => p.IsBinarized), Is.EqualTo(new[] { true, false, false }));
    }

    [Test]
    public void Same_seed_gives_the_same_weights_and_another_others()
    {
        float[] first = new LogisticModel(20, 3, seed: 5).Weights.Latent.ToArray();

        Assert.That(new LogisticModel(20, 3, seed: 5).Weights.Latent.ToArray(), Is.EqualTo(first));
        Assert.That(
            new LogisticModel(new LogisticModelOptions { Features = 20, Classes = 3, Seed = 5 }).Weights.Latent.ToArray(),
            Is.EqualTo(first));
        Assert.That(new LogisticModel(20, 3, seed: 6).Weights.Latent.ToArray(), Is.Not.EqualTo(first));
        Assert.That(
            new LogisticModel(20, 3).Weights.Latent.ToArray(),
            Is.EqualTo(new LogisticModel(20, 3, seed: 0).Weights.Latent.ToArray()));
    }

    [Test]
    public void Initial_values_follow_the_options()
    {
        float[] unit = new LogisticModel(30, 10).Weights.Latent.ToArray();
        var model = new LogisticModel(new LogisticModelOptions
        {
            Features = 30,
            Classes = 10,
            InitialMinimum = -1,
            InitialMaximum = 3,
            InitialBias = -0.5f,
        });

        Assert.That(model.Weights.Latent.ToArray(), Is.EqualTo(unit.Select(u => 4 * u - 1)).Within(1e-6f));
        Assert.That(model.Weights.Effective.ToArray(), Is.EqualTo(unit.Select(u => 4 * u - 1 < 0 ? -1f : 1f)));
        Assert.That(model.Bias.Latent.ToArray(), Is.All.EqualTo(-0.5f));
    }

    [Test]
    public void Upper_end_of_the_initial_weights_is_never_drawn()
    {
        // Between the two ends there is no other float, so rounding alone decides.
        var options = new LogisticModelOptions
        {
            Features = 100,
            Classes = 2,
            InitialMinimum = 1,
            InitialMaximum = MathF.BitIncrement(1),
        };
        Assert.That(new LogisticModel(options).Weights.Latent.ToArray(), Is.All.EqualTo(1f));
    }

    [Test]
    public void Equal_ends_make_every_weight_the_same()
    {
        var options = new LogisticModelOptions { Features = 10, Classes = 2, InitialMinimum = -0.3f, InitialMaximum = -0.3f };
        Assert.That(new LogisticModel(options).Weights.Latent.ToArray(), Is.All.EqualTo(-0.3f));
    }

    [Test]
    public void Forward_uses_the_sign_of_a_binarized_bias_and_the_value_of_any_other([Values] bool binarizeBias)
    {
        var model = new LogisticModel(
            new LogisticModelOptions { Features = 1, Classes = 3, InitialBias = 0.25f, BinarizeBias = binarizeBias });
        Assert.That(model.Bias.Effective[0], Is.EqualTo(binarizeBias ? 1 : 0.25f));
        new[] { 0.25f, -0.25f, 0 }.CopyTo(model.Bias.Latent);
        float[] logits = new float[3];

        model.Binarize(new DeterministicBinarizer());
        model.Forward(new Batch([0], [0]), logits);

        Assert.That(model.Bias.IsBinarized, Is.EqualTo(binarizeBias));
        Assert.That(logits, Is.EqualTo(binarizeBias ? new[] { 1f, -1, 1 } : new[] { 0.25f, -0.25f, 0 }));
    }

    [Test]
    public void Forward_prediction_and_probabilities_agree_with_a_plain_loop() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 40], Gen.Int[2, 12], Gen.Int[0, 1000], Gen.Float[0.1f, 2f]).Sample(
            (rows, features, classes, seed, scale) =>
            {
                var model = new LogisticModel(new LogisticModelOptions
                {
                    Features = features,
                    Classes = classes,
                    InitialMinimum = -1,
                    Seed = seed,
                    OutputScale = seed % 2 == 0 ? null : scale,
                });
                Numbers.Uniform(seed, classes).CopyTo(model.Bias.Latent);
                float[] inputs = Numbers.Uniform(seed + 1, rows * features);
                float[] logits = new float[rows * classes], probabilities = new float[rows * classes];
                double[] expected = ReferenceLogistic.Logits(
                    inputs, Numbers.Doubles(model.Weights.Effective), Numbers.Doubles(model.Bias.Latent),
                    seed % 2 == 0 ? 1 : scale);

                model.Forward(new Batch(inputs, new int[rows]), logits);
                model.PredictProbabilities(inputs, probabilities);

                bool agrees = Numbers.LargestError(logits, expected) < 3e-5
                    && Numbers.LargestError(probabilities, ReferenceLogistic.Softmax(expected, classes)) < 1e-5;
                for (int i = 0; i < rows; i++)
                {
                    float[] row = logits[(i * classes)..((i + 1) * classes)];
                    agrees &= model.Predict(inputs.AsSpan(i * features, features)) == Array.IndexOf(row, row.Max());
                    agrees &= Math.Abs(probabilities[(i * classes)..((i + 1) * classes)].Sum(p => (double)p) - 1) < 1e-5;
                }

                return agrees;
            },
            iter: 100,
            threads: 1);

    [Test]
    public void Backward_leaves_the_effective_and_latent_values()
    {
        var model = new LogisticModel(2, 2);
        float[] latent = model.Weights.Latent.ToArray();

        model.Forward(new Batch([1, 2], [0]), new float[2]);
        model.Backward(new Batch([1, 2], [0]), [0.5f, -0.25f]);

        Assert.That(model.Weights.Gradient.ToArray(), Is.EqualTo(new[] { 0.5f, 1, -0.25f, -0.5f }));
        Assert.That(model.Bias.Gradient.ToArray(), Is.EqualTo(new[] { 0.5f, -0.25f }));
        Assert.That(model.Weights.Latent.ToArray(), Is.EqualTo(latent));
        Assert.That(model.Weights.Effective.ToArray(), Is.All.EqualTo(1));
    }

    [Test]
    public void Scale_multiplies_the_weight_gradient_and_has_its_own()
    {
        var model = new LogisticModel(new LogisticModelOptions { Features = 2, Classes = 2, OutputScale = 0.5f });
        new[] { 1f, -1, -1, 1 }.CopyTo(model.Weights.Effective);

        model.Forward(new Batch([1, 2], [0]), new float[2]);
        model.Backward(new Batch([1, 2], [0]), [0.5f, -0.25f]);

        // s·(x·w_b) = 0.5·(−1, 1), so grad_ρ = 0.5·(−0.5) + (−0.25)·0.5.
        Assert.That(model.Weights.Gradient.ToArray(), Is.EqualTo(new[] { 0.25f, 0.5f, -0.125f, -0.25f }).Within(1e-6f));
        Assert.That(model.Bias.Gradient.ToArray(), Is.EqualTo(new[] { 0.5f, -0.25f }));
        Assert.That(model.LogScale!.Gradient[0], Is.EqualTo(-0.375f).Within(1e-6f));
    }

    [TestCase(0.03f)]
    [TestCase(1f)]
    [TestCase(250f)]
    public void Output_scale_is_the_exponential_of_its_logarithm(float scale)
    {
        var model = new LogisticModel(new LogisticModelOptions { Features = 2, Classes = 2, OutputScale = scale });

        Assert.That(model.LogScale!.Latent[0], Is.EqualTo(Math.Log(scale)).Within(1e-6));
        Assert.That(model.OutputScale, Is.EqualTo(scale).Within(1e-4).Percent);
        model.LogScale.Latent[0] = -20;
        Assert.That(model.OutputScale, Is.EqualTo(Math.Exp(-20)).Within(1e-4).Percent.And.Positive);
    }

    [Test]
    public void Prediction_is_the_same_with_the_scale_folded_into_the_bias()
    {
        var scaled = new LogisticModel(
            new LogisticModelOptions { Features = 9, Classes = 5, InitialMinimum = -1, OutputScale = 0.2f });
        Numbers.Uniform(1, 5).CopyTo(scaled.Bias.Latent);
        var folded = new LogisticModel(new LogisticModelOptions { Features = 9, Classes = 5, InitialMinimum = -1 });
        for (int k = 0; k < 5; k++) folded.Bias.Latent[k] = scaled.Bias.Latent[k] / scaled.OutputScale;
        float[] inputs = Numbers.Uniform(2, 300 * 9);
        int[] predictions = [.. Enumerable.Range(0, 300).Select(i => scaled.Predict(inputs.AsSpan(i * 9, 9)))];

        Assert.That(predictions.Distinct().Count(), Is.GreaterThan(2), "the test would be empty otherwise");
        Assert.That(Enumerable.Range(0, 300).Select(i => folded.Predict(inputs.AsSpan(i * 9, 9))), Is.EqualTo(predictions));
    }

    // Classes are looked at 255 at a time. With inputs of 0 a bias is the logit.
    [Test]
    public void Prediction_is_the_place_of_the_largest_logit_for_any_number_of_classes(
        [Values(2, 254, 255, 256, 510, 511, 700)] int classes)
    {
        var model = new LogisticModel(features: 3, classes);
        float[] x = new float[3];
        foreach (float largest in (float[])[2, 0, float.PositiveInfinity, float.NaN])
        {
            for (int place = 0; place < classes; place++)
            {
                Numbers.Uniform(place, classes, -2, -1).CopyTo(model.Bias.Latent);
                model.Bias.Latent[place] = largest;
                model.Bias.Latent[classes - 1 - place / 2] = largest;
                int expected = TensorPrimitives.IndexOfMax<float>(model.Bias.Latent);
                Assert.That(model.Predict(x), Is.EqualTo(expected), $"{largest} at {place}");
            }
        }

        model.Bias.Latent.Fill(float.NegativeInfinity);
        Assert.That(model.Predict(x), Is.Zero);
    }

    [Test]
    public void Prediction_is_the_first_of_equals_and_allocates_nothing()
    {
        var model = new LogisticModel(3, 4);
        new[] { 0, 2f, 1, 2 }.CopyTo(model.Bias.Latent);
        float[] features = [0.5f, 0.25f, 1];

        Assert.That(model.Predict(features), Is.EqualTo(1));
        Assert.That(Allocations.OfSecondCall(() => model.Predict(features)), Is.Zero);
    }

    [Test]
    public void Binarize_uses_the_given_binarizer()
    {
        var options = new LogisticModelOptions
        {
            Features = 2,
            Classes = 2,
            InitialMinimum = -1,
            BinarizeBias = true,
            InitialBias = 0.5f,
        };
        var model = new LogisticModel(options);
        model.Binarize(new IdentityBinarizer());
        Assert.That(model.Weights.Effective.ToArray(), Is.EqualTo(model.Weights.Latent.ToArray()));
        Assert.That(model.Bias.Effective.ToArray(), Is.EqualTo(new[] { 0.5f, 0.5f }));
    }
}

using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>Steps against the paper's algorithm 1 in float64, by plain loops.</summary>
internal sealed class TrainingStepTests
{
    private const int Rows = 5;
    private const int Features = SmallData.Features;
    private const int Classes = SmallData.Classes;
    private static readonly float[] Inputs = Numbers.Uniform(3, Rows * Features);
    private static readonly int[] Labels = [0, 1, 2, 1, 0];

    [TestCase(RateScaling.None, null, false)]
    [TestCase(RateScaling.None, true, false)]
    [TestCase(RateScaling.None, false, false)]
    [TestCase(RateScaling.InverseGlorot, null, false)]
    [TestCase(RateScaling.InverseGlorotSquared, null, false)]
    [TestCase(RateScaling.None, null, true)]
    [TestCase(RateScaling.None, true, true)]
    [TestCase(RateScaling.None, false, true)]
    [TestCase(RateScaling.InverseGlorot, false, true)]
    public void Steps_binarize_then_differentiate_then_update_then_clip(
        RateScaling scaling, bool? clipWeights, bool fullPrecision)
    {
        LogisticModel model = Model();
        var step = new TrainingStep(model, new TrainerOptions
        {
            BatchSize = Rows,
            Binarizer = fullPrecision ? new IdentityBinarizer() : new DeterministicBinarizer(),
            RateScaling = scaling,
            ClipWeights = clipWeights,
        });
        double[] weights = Numbers.Doubles(model.Weights.Latent), bias = Numbers.Doubles(model.Bias.Latent);
        double c = Math.Sqrt(1.5 / (Features + Classes));
        double factor = scaling switch
        {
            RateScaling.InverseGlorot => 1 / c,
            RateScaling.InverseGlorotSquared => 1 / (c * c),
            _ => 1,
        };
        int clipped = 0;
        for (int taken = 0; taken < 6; taken++)
        {
            const float Rate = 2.5f;
            double[] propagated = fullPrecision ? [.. weights] : Array.ConvertAll(weights, w => w < 0 ? -1.0 : 1);
            double[] logits = ReferenceLogistic.Logits(Inputs, propagated, bias);
            double[] gradient = ReferenceLogistic.LogitsGradient(ReferenceLogistic.Softmax(logits, Classes), Labels);
            double[] weightGradient = ReferenceLogistic.WeightGradient(Inputs, gradient, Classes);
            double[] biasGradient = ReferenceLogistic.BiasGradient(gradient, Classes);
            double[] before = [.. weights];
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] -= Rate * factor * weightGradient[i];
                if (!(clipWeights ?? !fullPrecision)) continue;
                if (Math.Abs(weights[i]) > 1) clipped++;
                weights[i] = Math.Clamp(weights[i], -1, 1);
            }

            for (int k = 0; k < Classes; k++) bias[k] -= Rate * biasGradient[k];

            StepResult result = step.Run(new Batch(Inputs, Labels), Rate);

            string name = $"step {taken}";
            Assert.That(result.Loss, Is.EqualTo(ReferenceLogistic.Loss(logits, Labels)).Within(1e-4), name);
            Assert.That(result.LearningRate, Is.EqualTo(Rate), name);
            Assert.That(result.SignFlips, Is.EqualTo(weights.Zip(before).Count(pair => pair.First < 0 != pair.Second < 0)), name);
            Assert.That(
                result.WeightChange, Is.EqualTo(weights.Zip(before, (now, then) => Math.Abs(now - then)).Sum()).Within(1e-3),
                name);
            Assert.That(Numbers.LargestError(model.Weights.Latent, weights), Is.LessThan(1e-4), name);
            Assert.That(Numbers.LargestError(model.Bias.Latent, bias), Is.LessThan(1e-4), name);
            Assert.That(
                Numbers.LargestError(model.Weights.Effective, propagated), Is.LessThan(1e-4),
                "the weights of the step, not the updated ones");
            Assert.That(step.StepsTaken, Is.EqualTo(taken + 1));
        }

        Assert.That(clipped > 0, Is.EqualTo(clipWeights ?? !fullPrecision), "the clip has something to do");
        Assert.That(bias.Max(Math.Abs), Is.GreaterThan(1), "a clipped bias would show");
    }

    [Test]
    public void Clip_keeps_to_the_bound_of_each_weight_and_leaves_the_bias()
    {
        var weight = new Parameter("w", 1, 2, isWeight: true, isBinarized: true) { Bound = 0.25f };
        var bias = new Parameter("b", 1, 2, isWeight: false, isBinarized: true) { Bound = 0.25f };
        TrainingStep step = Step(new StubModel(1, 2, weight, bias)
        {
            OnBackward = () =>
            {
                weight.Gradient[0] = -1;
                weight.Gradient[1] = 1;
                bias.Gradient[0] = -1;
            },
        });

        StepResult result = step.Run(new Batch([1], [0]), 1);

        Assert.That(weight.Latent.ToArray(), Is.EqualTo(new[] { 0.25f, -0.25f }));
        Assert.That(bias.Latent.ToArray(), Is.EqualTo(new[] { 1f, 0 }));
        Assert.That(result.SignFlips, Is.EqualTo(1), "of weights alone");
        Assert.That(result.WeightChange, Is.EqualTo(0.5), "after clipping");
    }

    [TestCase(RateScaling.None, 1)]
    [TestCase(RateScaling.InverseGlorot, 2)]
    [TestCase(RateScaling.InverseGlorotSquared, 4)]
    public void Rate_scale_of_a_parameter_multiplies_that_of_the_options(RateScaling scaling, float factor)
    {
        // c = √(1.5/(1 + 5)) = 1/2.
        var weight = new Parameter("w", 1, 5, isWeight: true, isBinarized: false) { RateScale = 0.125f };
        var bias = new Parameter("b", 1, 5, isWeight: false, isBinarized: false) { RateScale = 0.25f };
        var model = new StubModel(1, 2, weight, bias)
        {
            OnBackward = () =>
            {
                weight.Gradient.Fill(1);
                bias.Gradient.Fill(1);
            },
        };

        new TrainingStep(model, new TrainerOptions { BatchSize = 1, RateScaling = scaling, ClipWeights = false })
            .Run(new Batch([1], [0]), 1);

        Assert.That(weight.Latent[0], Is.EqualTo(-0.125f * factor).Within(1e-6f));
        Assert.That(bias.Latent[0], Is.EqualTo(-0.25f));
    }

    [Test]
    public void Scale_stays_positive_and_is_learned_through_its_logarithm()
    {
        var model = new LogisticModel(
            new LogisticModelOptions { Features = Features, Classes = Classes, InitialMinimum = -1, OutputScale = 0.05f });
        var step = new TrainingStep(model, new TrainerOptions { BatchSize = Rows });
        var scales = new List<float>();
        var losses = new List<double>();
        for (int i = 0; i < 200; i++)
        {
            losses.Add(step.Run(new Batch(Inputs, Labels), 1f).Loss);
            scales.Add(model.OutputScale);
        }

        Assert.That(scales, Is.All.Positive);
        Assert.That(scales.Distinct().Count(), Is.GreaterThan(100), "it moves");
        Assert.That(losses[^1], Is.LessThan(losses[0]));
    }

    [Test]
    public void Stochastic_binarizer_draws_once_a_step()
    {
        var binarizer = new StochasticBinarizer(1);
        var step = new TrainingStep(Model(), new TrainerOptions { BatchSize = Rows, Binarizer = binarizer });
        step.Run(new Batch(Inputs, Labels), 0.1f);
        step.Run(new Batch(Inputs, Labels), 0.1f);
        Assert.That(binarizer.Draws, Is.EqualTo(2));
    }

    [Test]
    public void Batch_may_be_smaller_than_the_batch_size()
    {
        LogisticModel small = Model(), exact = Model();
        var batch = new Batch(Inputs.AsSpan(0, 2 * Features), Labels.AsSpan(0, 2));

        StepResult first = new TrainingStep(small, new TrainerOptions { BatchSize = 100, Optimizer = new Adam() })
            .Run(batch, 0.1f);
        StepResult second = new TrainingStep(exact, new TrainerOptions { BatchSize = 2, Optimizer = new Adam() })
            .Run(batch, 0.1f);

        Assert.That(first, Is.EqualTo(second));
        Assert.That(Numbers.Bits(small.Weights.Latent), Is.EqualTo(Numbers.Bits(exact.Weights.Latent)));
    }

    [Test]
    public void Step_refuses_what_is_out_of_range_and_changes_nothing()
    {
        LogisticModel model = Model();
        int[] before = Numbers.Bits(model.Weights.Latent);
        var step = new TrainingStep(model, new TrainerOptions { BatchSize = 4 });

        Assert.That(
            () => step.Run(new Batch(Inputs, Labels), 1), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'batch' has 5 rows; it must have at most 'BatchSize', 4. (Parameter 'batch')"));
        Assert.That(() => step.Run(new Batch(new float[7], [0]), 1), Throws.ArgumentException.With.Message.EqualTo(
            "'batch' has length 7; it must have the model's feature count, 6. (Parameter 'batch')"));
        Assert.That(
            () => step.Run(new Batch(new float[Features], [0]), -1),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'learningRate' is -1; it must be zero or positive, and finite. (Parameter 'learningRate')"));
        Assert.That(Numbers.Bits(model.Weights.Latent), Is.EqualTo(before));
        Assert.That(step.StepsTaken, Is.Zero);
    }

    [Test]
    public void Null_arguments_are_refused()
    {
        Assert.That(() => new TrainingStep(null!, new TrainerOptions()), Throws.ArgumentNullException.With.Message.EqualTo(
            "Value cannot be null. (Parameter 'model')"));
        Assert.That(() => new TrainingStep(Model(), null!), Throws.ArgumentNullException.With.Message.EqualTo(
            "Value cannot be null. (Parameter 'options')"));
    }

    private static TrainingStep Step(StubModel model) => new(model, new TrainerOptions { BatchSize = 1, Loss = new StubLoss() });

    private static LogisticModel Model() =>
        new(new LogisticModelOptions { Features = Features, Classes = Classes, InitialMinimum = -1, Seed = 4 });
}

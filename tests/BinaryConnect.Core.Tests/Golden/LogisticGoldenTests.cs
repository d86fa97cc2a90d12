using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Golden;

/// <summary>The library in float32 against NumPy in float64, through the public trainer, on the real data.</summary>
[TestFixtureSource(typeof(ZerosFixture), nameof(ZerosFixture.Forms))]
internal sealed class LogisticGoldenTests(bool skipsZeros) : ZerosFixture(skipsZeros)
{
    private const int Features = 784;
    private const int Classes = 10;
    private const int BatchSize = 128;
    private static readonly int[] KeptSteps = [1, 10, 50, 100, 200];

    [Test]
    public void Binarized_run_follows_the_reference_for_all_200_steps()
    {
        LogisticModel model = StartingModel();
        var kept = new Dictionary<int, (float[] Weights, float[] Bias)>();
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (KeptSteps.Contains(p.Step)) kept[p.Step] = (model.Weights.Latent.ToArray(), model.Bias.Latent.ToArray());
        });
        var trainer = new Trainer(new TrainerOptions
        {
            BatchSize = BatchSize,
            MaxSteps = 200,
            Binarizer = new DeterministicBinarizer(),
            Optimizer = new Sgd(),
            Schedule = new ConstantRate(0.1f),
            EvaluateEverySteps = 20,
            EvaluationWeights = EvaluationWeights.LastStep,
        });

        TrainingReport report = trainer.Fit(model, GoldenBatches(), MnistData.Tutorial.Test, progress);

        Assert.That(
            report.Steps.Select(step => step.SignFlips), Is.EqualTo(GoldenVectors.Integers("logistic/binary-flips.i32")),
            "sign flips");
        AssertRelative(report.Steps.Select(step => step.Loss), GoldenVectors.Doubles("logistic/binary-losses.f64"), 1e-5, "loss");
        AssertRelative(
            report.Steps.Select(step => step.WeightChange), GoldenVectors.Doubles("logistic/binary-l1.f64"), 1e-5,
            "weight change");
        foreach (int step in KeptSteps)
        {
            AssertWithin(
                kept[step].Weights, GoldenVectors.Transposed(GoldenVectors.Doubles($"logistic/binary-w{step}.f64"), Features),
                1e-5, $"w{step}");
            AssertWithin(
                kept[step].Bias, GoldenVectors.Transposed(GoldenVectors.Doubles($"logistic/binary-b{step}.f64"), 1), 1e-5,
                $"b{step}");
        }

        AssertEvaluations(report, GoldenVectors.Evaluations("binary"), 1e-4, 1e-4);
    }

    [Test]
    public void Full_precision_run_follows_the_reference_for_all_500_steps_and_loses_as_much_when_binarized()
    {
        LogisticModel model = StartingModel();
        var trainer = new Trainer(new TrainerOptions
        {
            BatchSize = BatchSize,
            MaxSteps = 500,
            Binarizer = new IdentityBinarizer(),
            Optimizer = new Sgd(),
            Schedule = new StepDecay(initialRate: 0.5f, factor: 0.8f, every: 20),
            EvaluateEverySteps = 20,
        });

        TrainingReport report = trainer.Fit(model, GoldenBatches(), MnistData.Tutorial.Test);

        AssertRelative(report.Steps.Select(step => step.Loss), GoldenVectors.Doubles("logistic/full-losses.f64"), 1e-4, "loss");
        AssertWithin(
            model.Weights.Latent, GoldenVectors.Transposed(GoldenVectors.Doubles("logistic/full-w500.f64"), Features), 1e-3,
            "w500");
        AssertWithin(
            model.Bias.Latent, GoldenVectors.Transposed(GoldenVectors.Doubles("logistic/full-b500.f64"), 1), 1e-3, "b500");
        AssertEvaluations(report, GoldenVectors.Evaluations("full"), 1e-3, 1e-3);

        model.Binarize(new DeterministicBinarizer());
        EvaluationResult binarized = trainer.Evaluate(model, MnistData.Tutorial.Test);
        Assert.That(binarized.Accuracy, Is.EqualTo(GoldenVectors.BinarizedAfterTraining().Accuracy).Within(0.002));
    }

    [TestCase("binary")]
    [TestCase("full")]
    public void First_gradients_are_those_of_the_reference(string run)
    {
        LogisticModel model = StartingModel();
        model.Binarize(run == "full" ? new IdentityBinarizer() : new DeterministicBinarizer());
        Batch batch = GoldenBatches().Next();
        float[] logitsGradient = new float[BatchSize * Classes], logits = new float[BatchSize * Classes];

        model.Forward(batch, logits);
        new CrossEntropyLoss().Compute(logits, batch.Labels, logitsGradient);
        model.Backward(batch, logitsGradient);

        AssertWithin(
            model.Weights.Gradient, GoldenVectors.Transposed(GoldenVectors.Doubles($"logistic/{run}-step1-gw.f64"), Features),
            1e-6, "grad w");
        AssertWithin(
            model.Bias.Gradient, GoldenVectors.Transposed(GoldenVectors.Doubles($"logistic/{run}-step1-gb.f64"), 1), 1e-6,
            "grad b");
    }

    private static LogisticModel StartingModel()
    {
        var model = new LogisticModel(Features, Classes);
        GoldenVectors.Transposed(GoldenVectors.Doubles("logistic/w0.f64"), Features).CopyTo(model.Weights.Latent);
        GoldenVectors.Transposed(GoldenVectors.Doubles("logistic/b0.f64"), 1).CopyTo(model.Bias.Latent);
        return model;
    }

    private static BatchSampler GoldenBatches() =>
        BatchSampler.Replay(MnistData.Tutorial.Train, BatchSize, GoldenVectors.Order("logistic/batches.u16"));

    private static void AssertEvaluations(
        TrainingReport report, (int Step, double Loss, double Accuracy)[] expected, double lossTolerance,
        double accuracyTolerance)
    {
        Assert.That(
            report.Evaluations.Select(evaluation => evaluation.Step), Is.EqualTo(expected.Select(evaluation => evaluation.Step)));
        for (int i = 0; i < expected.Length; i++)
        {
            string name = $"evaluation at step {expected[i].Step}";
            Assert.That(report.Evaluations[i].Loss, Is.EqualTo(expected[i].Loss).Within(lossTolerance), name);
            // A tolerance on a share of rows, plus what its own rounding takes.
            Assert.That(report.Evaluations[i].Accuracy, Is.EqualTo(expected[i].Accuracy).Within(accuracyTolerance + 1e-12), name);
        }
    }

    private static void AssertRelative(IEnumerable<double> actual, double[] expected, double tolerance, string name)
    {
        double[] values = [.. actual];
        Assert.That(values, Has.Length.EqualTo(expected.Length), name);
        double worst = values.Zip(expected, (a, e) => Math.Abs(a - e) / Math.Abs(e)).Max();
        Assert.That(worst, Is.LessThan(tolerance), name);
        TestContext.Out.WriteLine($"{name}: largest relative error {worst:E2}");
    }

    private static void AssertWithin(ReadOnlySpan<float> actual, float[] expected, double tolerance, string name)
    {
        float[] values = actual.ToArray();
        Assert.That(values, Has.Length.EqualTo(expected.Length), name);
        double worst = values.Zip(expected, (a, e) => Math.Abs((double)a - e)).Max();
        Assert.That(worst, Is.LessThan(tolerance), name);
        TestContext.Out.WriteLine($"{name}: largest error {worst:E2}");
    }
}

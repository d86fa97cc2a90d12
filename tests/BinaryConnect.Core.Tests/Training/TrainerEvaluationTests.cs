using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using BinaryConnect.Training.Metrics;

namespace BinaryConnect.Tests.Training;

/// <summary>When a run is evaluated, with which weights, and with which result.</summary>
internal sealed class TrainerEvaluationTests
{
    private static readonly TrainerOptions Small = new() { BatchSize = 4 };

    [TestCase(null, 7, new[] { 7 })]
    [TestCase(1, 3, new[] { 1, 2, 3 })]
    [TestCase(3, 7, new[] { 3, 6, 7 })]
    [TestCase(3, 6, new[] { 3, 6 })]
    [TestCase(9, 4, new[] { 4 })]
    public void Evaluations_come_when_due_and_after_the_last_step(int? every, int steps, int[] expected)
    {
        var seen = new List<TrainingProgress>();
        var schedule = new StepDecay(0.5f, 0.5f, 1);

        var progress = new SynchronousProgress<TrainingProgress>(seen.Add);
        TrainingReport report = new Trainer(Small with { MaxSteps = steps, EvaluateEverySteps = every, Schedule = schedule })
            .Fit(NewModel(), SmallData.Floats(10), SmallData.Floats(9, seed: 2), progress);

        Assert.That(report.Evaluations.Select(e => e.Step), Is.EqualTo(expected));
        Assert.That(
            report.Evaluations.Select(e => e.LearningRate), Is.EqualTo(expected.Select(step => schedule.RateAt(step - 1))));
        Assert.That(report.Evaluations.Select(e => e.Count), Is.All.EqualTo(9));
        Assert.That(seen.Where(p => p.Evaluation is not null).Select(p => p.Step), Is.EqualTo(expected));
        Assert.That(seen.Select(p => p.Evaluation).OfType<EvaluationResult>(), Is.EqualTo(report.Evaluations));
        Assert.That(report.RateChanges, Is.Empty, "a rate that falls by itself is no change that an evaluation brought about");
    }

    // 128 rows of so many classes are 2³² logits.
    [Test]
    public void A_model_of_very_many_classes_is_evaluated_in_smaller_chunks()
    {
        const int Classes = 1 << 25;
        Dataset data = Dataset.FromFloats(new float[5], new[] { 0, 1, 0, Classes - 1, 0 }, 1, Classes);

        EvaluationResult result = new Trainer(Small).Evaluate(new StubModel(1, Classes), data);

        Assert.That(result.Loss, Is.EqualTo(Math.Log(Classes)).Within(1e-6));
        Assert.That(result.Accuracy, Is.EqualTo(0.6));
        Assert.That(result.Count, Is.EqualTo(5));
    }

    // 128 rows of so many features are 2³¹.
    [Test]
    public void Bytes_of_very_many_features_are_widened_in_smaller_chunks()
    {
        const int Features = 1 << 24;
        Dataset data = Dataset.FromBytes(new byte[5 * Features], new int[5], Features, 2);

        EvaluationResult result = new Trainer(Small).Evaluate(new StubModel(Features, 2), data);

        Assert.That(result.Loss, Is.EqualTo(Math.Log(2)).Within(1e-6));
        Assert.That(result.Accuracy, Is.EqualTo(1));
    }

    [Test]
    public void Last_evaluation_is_not_observed_when_it_was_not_due()
    {
        double loss = 0;
        var schedule = new StubSchedule();
        var options = Small with
        {
            MaxSteps = 7,
            EvaluateEverySteps = 3,
            Schedule = schedule,
            Loss = new StubLoss(evaluate: () => ++loss),
        };

        TrainingReport report = new Trainer(options).Fit(NewModel(), SmallData.Floats(10), SmallData.Floats(10));

        Assert.That(report.Evaluations.Select(e => e.Loss), Is.EqualTo(new[] { 1.0, 2, 3 }));
        Assert.That(schedule.Observed, Is.EqualTo(new[] { 1.0, 2 }));
    }

    [TestCase(EvaluationWeights.Inference)]
    [TestCase(EvaluationWeights.LastStep)]
    [TestCase(EvaluationWeights.Latent)]
    public void Evaluations_use_the_weights_asked_for_and_the_model_is_left_with_them(EvaluationWeights which)
    {
        LogisticModel model = NewModel();
        Dataset data = SmallData.Floats(10);
        float[] drawn = [];
        var binarizer = new RecordingBinarizer(propagated => drawn = propagated);
        int evaluations = 0;
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            evaluations++;
            AssertEffective();
            Assert.That(
                new Trainer(Small).Evaluate(model, data).Loss, Is.EqualTo(p.Evaluation!.Loss),
                "with the weights it is seen with");
        });

        TrainingReport report = new Trainer(Small with
        {
            MaxSteps = 5,
            EvaluateEverySteps = 1,
            EvaluationWeights = which,
            Binarizer = binarizer,
        }).Fit(model, data, data, progress);

        Assert.That(evaluations, Is.EqualTo(5));
        Assert.That(report.EvaluationWeights, Is.EqualTo(which));
        Assert.That(report.Evaluations.Select(e => e.Weights), Is.All.EqualTo(which));
        AssertEffective();

        void AssertEffective()
        {
            float[] latent = model.Weights.Latent.ToArray();
            float[] expected = which switch
            {
                EvaluationWeights.Inference => Array.ConvertAll(latent, w => w < 0 ? -1f : 1),
                EvaluationWeights.LastStep => drawn,
                _ => latent,
            };
            Assert.That(model.Weights.Effective.ToArray(), Is.EqualTo(expected));
        }
    }

    [Test]
    public void Model_is_left_with_the_weights_for_evaluation_even_without_one()
    {
        LogisticModel model = NewModel();
        new Trainer(Small with { MaxSteps = 3, EvaluationWeights = EvaluationWeights.Latent }).Fit(model, SmallData.Floats(10));
        Assert.That(model.Weights.Effective.ToArray(), Is.EqualTo(model.Weights.Latent.ToArray()));
    }

    [Test]
    public void Keep_best_brings_back_the_first_of_the_best_evaluations([Values] bool keepBest)
    {
        StubModel model = GivenAccuracy.Model(0.2, 0.9, 0.4, 0.9, 0.1);
        Parameter weight = model.Parameters[0];
        weight.Latent.Fill(-0.625f);

        var options = Small with
        {
            MaxSteps = 5,
            EvaluateEverySteps = 1,
            KeepBest = keepBest,
            Schedule = new ConstantRate(0.25f),
        };

        TrainingReport report = new Trainer(options).Fit(model, GivenAccuracy.Data, GivenAccuracy.Data);

        Assert.That(report.Evaluations.Select(e => e.Accuracy), Is.EqualTo(new[] { 0.2, 0.9, 0.4, 0.9, 0.1 }));
        Assert.That(report.BestEvaluation!.Step, Is.EqualTo(2));
        Assert.That(report.FinalEvaluation!.Step, Is.EqualTo(5));
        Assert.That(weight.Latent[0], Is.EqualTo(keepBest ? -0.125f : 0.625f));
        Assert.That(weight.Effective[0], Is.EqualTo(keepBest ? -1 : 1));
    }

    [Test]
    public void Keep_best_without_an_evaluation_keeps_the_last_weights()
    {
        LogisticModel model = NewModel(), other = NewModel();
        new Trainer(Small with { MaxSteps = 3, KeepBest = true }).Fit(model, SmallData.Floats(10));
        new Trainer(Small with { MaxSteps = 3 }).Fit(other, SmallData.Floats(10));
        Assert.That(Numbers.Bits(model.Weights.Latent), Is.EqualTo(Numbers.Bits(other.Weights.Latent)));
        Assert.That(model.Weights.Effective.ToArray(), Is.EqualTo(other.Weights.Effective.ToArray()));
    }

    [Test]
    public void Changes_of_rate_are_reported_with_the_step_that_brought_them_about()
    {
        var losses = new Queue<double>([1, 0.5, 0.75]);
        var seen = new List<RateChange>();
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.RateChange is RateChange change) seen.Add(change);
        });
        var options = Small with
        {
            MaxSteps = 7,
            EvaluateEverySteps = 2,
            Schedule = new PlateauDecay(0.5f, 0.5f, 9),
            Loss = new StubLoss(evaluate: () => losses.Count > 0 ? losses.Dequeue() : 9),
        };

        TrainingReport report = new Trainer(options).Fit(NewModel(), SmallData.Floats(10), SmallData.Floats(10), progress);

        Assert.That(report.RateChanges, Is.EqualTo(new[] { new RateChange(2, 0.5f, 0.25f), new RateChange(6, 0.25f, 0.125f) }));
        Assert.That(seen, Is.EqualTo(report.RateChanges));
        Assert.That(
            report.Steps.Select(s => s.LearningRate), Is.EqualTo(new[] { 0.5f, 0.5f, 0.25f, 0.25f, 0.25f, 0.25f, 0.125f }));
        Assert.That(
            report.Evaluations.Select(e => e.LearningRate), Is.EqualTo(new[] { 0.5f, 0.25f, 0.25f, 0.125f }),
            "the rate of the step");
    }

    [TestCase(1)]
    [TestCase(127)]
    [TestCase(128)]
    [TestCase(129)]
    [TestCase(300)]
    public void Evaluation_agrees_with_float64_whatever_the_number_of_rows(int rows)
    {
        LogisticModel model = NewModel();
        float[] features = Numbers.Uniform(rows, rows * SmallData.Features, 0, 1);
        int[] labels = Numbers.Labels(rows, rows, SmallData.Classes);
        model.Binarize(new IdentityBinarizer());
        float[] propagated = model.Weights.Effective.ToArray();
        double[] logits = ReferenceLogistic.Logits(features, Numbers.Doubles(propagated), [1, 1, 1]);
        int correct = logits.Chunk(3).Zip(labels).Count(pair => Array.IndexOf(pair.First, pair.First.Max()) == pair.Second);

        EvaluationResult result = new Trainer(Small)
            .Evaluate(model, Dataset.FromFloats(features, labels, SmallData.Features, SmallData.Classes));

        Assert.That(result.Loss, Is.EqualTo(ReferenceLogistic.Loss(logits, labels)).Within(1e-6));
        Assert.That(result.Accuracy, Is.EqualTo((double)correct / rows));
        int[] predicted = [.. logits.Chunk(3).Select(row => Array.IndexOf(row, row.Max()))];
        Assert.That(result.Confusion, Is.EqualTo(ConfusionMatrix.Of(labels, predicted, 3)));
        Assert.That(result.Confusion!.Accuracy, Is.EqualTo(result.Accuracy));
        Assert.That((result.Step, result.LearningRate, result.Count), Is.EqualTo((0, 0f, rows)));
        Assert.That(model.Weights.Effective.ToArray(), Is.EqualTo(propagated), "the model is not changed");
    }

    [Test]
    public void Evaluation_of_bytes_is_that_of_the_floats_they_stand_for()
    {
        byte[] bytes = [.. Enumerable.Range(0, 200 * SmallData.Features).Select(i => (byte)(i * 37))];
        int[] labels = Numbers.Labels(1, 200, SmallData.Classes);
        Dataset wide = Dataset.FromBytes(bytes, labels, SmallData.Features, SmallData.Classes, scale: 0.5f, shift: -1);
        Dataset floats = Dataset.FromFloats(
            Array.ConvertAll(bytes, b => b * 0.5f - 1), labels, SmallData.Features, SmallData.Classes);
        var trainer = new Trainer(Small);
        Assert.That(trainer.Evaluate(NewModel(), wide), Is.EqualTo(trainer.Evaluate(NewModel(), floats)));
    }

    private static LogisticModel NewModel() =>
        new(new LogisticModelOptions
        {
            Features = SmallData.Features,
            Classes = SmallData.Classes,
            InitialMinimum = -1,
            Seed = 2,
        });

    /// <summary>
    /// Binarizes to halves, unlike a binarizer for inference, and records the weights that the training steps were
    /// given.
    /// </summary>
    private sealed class RecordingBinarizer(Action<float[]> record) : IBinarizer
    {
        public IBinarizer ForInference { get; } = new DeterministicBinarizer();

        public void Binarize(ReadOnlySpan<float> weights, Span<float> destination, float bound = 1)
        {
            for (int i = 0; i < weights.Length; i++) destination[i] = weights[i] < 0 ? -0.5f : 0.5f;
            record(destination.ToArray());
        }
    }
}

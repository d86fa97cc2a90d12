using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using BinaryConnect.Training.Metrics;

namespace BinaryConnect.Tests.Training;

/// <summary>What makes an evaluation the best: accuracy, loss, or a metric of the user's, and a least gain.</summary>
internal sealed class MetricTests
{
    private static readonly TrainerOptions Small = new()
    {
        BatchSize = 4,
        MaxSteps = 5,
        EvaluateEverySteps = 1,
        Schedule = new ConstantRate(0.25f),
        KeepBest = true,
    };

    private static IEnumerable<TestCaseData> Choices =>
    [
        Choice("accuracy", Metric.Accuracy, 0, best: 3),
        Choice("loss", Metric.Loss, 0, best: 4),
        Choice("own, greater", new Own(greaterIsBetter: true), 0, best: 2),
        Choice("own, less", new Own(greaterIsBetter: false), 0, best: 5),
        Choice("accuracy by more than 0.15", Metric.Accuracy, 0.15, best: 2),
        Choice("accuracy by more than there is", Metric.Accuracy, 1, best: 1),
        Choice("loss by more than 0.3", Metric.Loss, 0.3, best: 2),
    ];

    [TestCaseSource(nameof(Choices))]
    public void The_metric_and_the_least_gain_choose_the_best(IMetric metric, double leastGain, int best)
    {
        StubModel model = GivenAccuracy.Model(0.2, 0.8, 0.9, 0.9, 0.1);
        var losses = new Queue<double>([1.0, 0.5, 0.75, 0.25, 0.5]);
        TrainerOptions options = Small with
        {
            Loss = new StubLoss(evaluate: losses.Dequeue),
            Metric = metric,
            LeastGain = leastGain,
        };
        Parameter weight = model.Parameters[0];
        weight.Latent.Fill(-0.625f);

        TrainingReport report = new Trainer(options).Fit(model, GivenAccuracy.Data, GivenAccuracy.Data);

        Assert.That(report.BestEvaluation!.Step, Is.EqualTo(best));
        Assert.That(weight.Latent[0], Is.EqualTo(-0.625f + best * 0.25f), "the weights of that evaluation are kept");
    }

    [TestCase(0, 5)]
    [TestCase(0.15, 4)]
    public void Early_stop_counts_evaluations_that_gain_too_little(double leastGain, int evaluations)
    {
        TrainerOptions options = Small with { MaxSteps = 50, EarlyStopPatience = 2, LeastGain = leastGain };

        TrainingReport report = new Trainer(options).Fit(
            GivenAccuracy.Model(0.2, 0.4, 0.5, 0.5, 0.4, 0.4), GivenAccuracy.Data, GivenAccuracy.Data);

        Assert.That(report.StopReason, Is.EqualTo(StopReason.EarlyStopped));
        Assert.That(report.Evaluations, Has.Count.EqualTo(evaluations));
    }

    [Test]
    public void A_metric_of_NaN_ends_the_run_and_is_named()
    {
        TrainerOptions options = Small with { Metric = new Own(greaterIsBetter: true, value: _ => double.NaN) };

        TrainingStoppedException stopped = Assert.Throws<TrainingStoppedException>(
            () => new Trainer(options).Fit(GivenAccuracy.Model(0.2), GivenAccuracy.Data, GivenAccuracy.Data))!;

        Assert.That(stopped.InnerException!.Message, Is.EqualTo(
            "'Metric' (example.com/score) gives NaN for the evaluation after step 1; it must give a number."));
        Assert.That(stopped.Report!.Evaluations, Is.Empty);
    }

    [Test]
    public void A_metric_without_a_name_is_refused() =>
        Assert.That(
            (Small with { Metric = new Own(true) { Name = "" } }).Validate,
            Throws.ArgumentException.With.Message.EqualTo("'Metric' has no name; it must have one."));

    [Test]
    public void Macro_F1_is_that_of_the_confusion_matrix()
    {
        var result = new EvaluationResult(1, 0, 1, 0.5, 4, null) { Confusion = new ConfusionMatrix(2, [1, 1, 1, 1]) };

        Assert.That((Metric.MacroF1.Compute(result), Metric.MacroF1.Name), Is.EqualTo((0.5, "macro_f1")));
        Assert.That(
            () => Metric.MacroF1.Compute(result with { Confusion = null }),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "The evaluation has no confusion matrix; for it there must be at most 256 classes."));
    }

    [Test]
    public void An_evaluation_of_many_classes_has_no_confusion_matrix()
    {
        Assert.That(Confusion(classes: 257), Is.Null);
        Assert.That(Confusion(classes: 256), Is.Not.Null);

        static ConfusionMatrix? Confusion(int classes) => new Trainer(Small)
            .Evaluate(new LogisticModel(1, classes), Dataset.FromFloats(new float[2], new int[2], 1, classes)).Confusion;
    }

    [Test]
    public void A_resumed_run_goes_on_by_its_metric_with_the_same_report()
    {
        using var folder = new TemporaryFolder();
        TrainerOptions options = Small with
        {
            MaxSteps = 30,
            EvaluateEverySteps = 3,
            Metric = Metric.MacroF1,
            LeastGain = 0.01,
            CheckpointPath = folder.PathOf("run.safetensors"),
            CheckpointEverySteps = 12,
        };
        Dataset train = SmallData.Floats(40), evaluation = SmallData.Floats(20, seed: 2);
        MultilayerPerceptron whole = new(SmallNetwork.Options), parted = new(SmallNetwork.Options);

        TrainingReport first = new Trainer(options).Fit(whole, train, evaluation);
        TrainingReport second = new Trainer(options).Resume(parted, train, evaluation);

        Assert.That(second.Evaluations, Is.EqualTo(first.Evaluations));
        Assert.That(second.Evaluations.Select(result => result.Confusion), Has.None.Null);
        Assert.That(second.BestEvaluation, Is.EqualTo(first.BestEvaluation));
        Assert.That(SmallNetwork.Bits(parted), Is.EqualTo(SmallNetwork.Bits(whole)));
    }

    [Test]
    public void A_report_gives_its_facts_as_notes()
    {
        TrainingReport report = new Trainer(Small with { Seed = 3, Loss = new StubLoss(evaluate: () => 0.5) }).Fit(
            GivenAccuracy.Model(0.2, 0.8, 0.9, 0.9, 0.1), GivenAccuracy.Data, GivenAccuracy.Data);

        IReadOnlyDictionary<string, string> notes = new Dictionary<string, string>();
        InCulture.Run(() => notes = report.ToNotes());

        Assert.That(
            (notes["training.seed"], notes["training.steps"], notes["training.stop_reason"]),
            Is.EqualTo(("3", "5", "Completed")));
        Assert.That(notes["training.best"], Is.EqualTo("step 3: loss 0.5, accuracy 0.9, 10 rows"));
        Assert.That(notes["training.final"], Is.EqualTo("step 5: loss 0.5, accuracy 0.1, 10 rows"));
        Assert.That(notes["training.seconds"], Does.Match(@"^\d+\.\d$"));
    }

    private static TestCaseData Choice(string name, IMetric metric, double leastGain, int best) =>
        new TestCaseData(metric, leastGain, best).SetArgDisplayNames(name);

    /// <summary>
    /// By default the distance of the accuracy from 0.8, which is 0 in the second evaluation, negated.
    /// </summary>
    private sealed class Own(bool greaterIsBetter, Func<EvaluationResult, double>? value = null) : IMetric
    {
        public string Name { get; init; } = "example.com/score";

        public bool GreaterIsBetter => greaterIsBetter;

        public double Compute(EvaluationResult result) => value?.Invoke(result) ?? -Math.Abs(result.Accuracy - 0.8);
    }
}

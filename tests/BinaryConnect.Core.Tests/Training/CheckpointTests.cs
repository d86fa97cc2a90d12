using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using Microsoft.Extensions.Logging;

namespace BinaryConnect.Tests.Training;

/// <summary>The contents of a checkpoint, when it is written, and its cost.</summary>
internal sealed class CheckpointTests
{
    private static readonly Dataset Train = SmallData.Bytes(23), Evaluation = SmallData.Bytes(9, seed: 2);

    private TemporaryFolder _folder = null!;
    private string _path = "";

    private static IEnumerable<TestCaseData> Texts =>
    [
        new(new StochasticBinarizer(-3), "StochasticBinarizer(seed: -3)"),
        new(new Sgd(0.9f, nesterov: true), "Sgd(momentum: 0.9, nesterov: True)"),
        new(new Adam(0.5f, 0.25f, 1e-7f), "Adam(beta1: 0.5, beta2: 0.25, epsilon: 1E-07)"),
        new(new SquaredHingeLoss(true), "SquaredHingeLoss(meanOverClasses: True)"),
        new(new ConstantRate(0.1f), "ConstantRate(rate: 0.1)"),
        new(new StepDecay(0.5f, 0.8f, 20), "StepDecay(initialRate: 0.5, factor: 0.8, every: 20)"),
        new(new CosineDecay(0.5f, 1000, 0.25f), "CosineDecay(initialRate: 0.5, steps: 1000, finalRate: 0.25)"),
        new(
            new ExponentialDecay(0.3f, 0.01f, 1000, 250),
            "ExponentialDecay(initialRate: 0.3, finalRate: 0.01, epochs: 1000, stepsPerEpoch: 250)"),
        new(new PlateauDecay(0.5f, 0.9f, 5), "PlateauDecay(initialRate: 0.5, factor: 0.9, maxDecays: 5, patience: null)"),
        new(
            new LinearWarmup(new PlateauDecay(0.5f, 0.9f, 5, 2), 7),
            "LinearWarmup(PlateauDecay(initialRate: 0.5, factor: 0.9, maxDecays: 5, patience: 2), steps: 7)"),
        new(new LogisticModel(784, 10), "LogisticModel(784-10, binarizeBias: False, outputScale: False)"),
        new(
            new LogisticModel(new LogisticModelOptions { Features = 2, Classes = 3, BinarizeBias = true, OutputScale = 1 }),
            "LogisticModel(2-3, binarizeBias: True, outputScale: True)"),
        new(
            new MultilayerPerceptron(SmallNetwork.Options with
            {
                Activation = Activation.Identity,
                Normalization = Normalization.None,
                InputDropout = 0.2f,
                HiddenDropout = 0.5f,
            }),
            "MultilayerPerceptron(6-8-7-3, Identity, normalization: None, epsilon: 0.0001, momentum: 0.15, "
            + "inputDropout: 0.2, hiddenDropout: 0.5, seed: 3)"),
        new(new BatchSampler(Train, 4, -9, PartialBatch.Keep), "BatchSampler(batchSize: 4, seed: -9, lastBatch: Keep)"),
        new(
            BatchSampler.Replay(Train, 4, new[] { 1, 2 }),
            "BatchSampler(batchSize: 4, replayed rows: 2, fingerprint 34fb5c825de7ca4a)"),
    ];

    private TrainerOptions Small => new()
    {
        BatchSize = 4,
        MaxSteps = 9,
        EvaluateEverySteps = 2,
        Loss = new SquaredHingeLoss(),
        Optimizer = new Adam(),
        Schedule = new PlateauDecay(0.01f, 0.5f, 9),
        KeepBest = true,
        CheckpointPath = _path,
    };

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        _path = _folder.PathOf("run.safetensors");
    }

    [TearDown]
    public void CleanUp() => _folder.Dispose();

    [TestCaseSource(nameof(Texts))]
    public void Kinds_and_settings_are_told_in_any_culture(object told, string expected) =>
        InCulture.Run(() => Assert.That(told.ToString(), Is.EqualTo(expected)));

    [TestCase(null, new int[0])]
    [TestCase(4, new[] { 4, 8 })]
    [TestCase(3, new[] { 3, 6 }, Description = "the evaluation after step 9 is one that only the end brought about")]
    [TestCase(10, new int[0])]
    public void Checkpoints_are_written_when_due(int? every, int[] expected)
    {
        var logger = new RecordingLogger();

        new Trainer(Small with { CheckpointEverySteps = every }, logger).Fit(SmallNetwork.New(), Train, Evaluation);

        Assert.That(File.Exists(_path), Is.EqualTo(expected.Length > 0));
        Assert.That(
            logger.Entries.Where(entry => entry.Id.Id == 7).Select(entry => (entry.Level, entry.Message)),
            Is.EqualTo(expected.Select(step => (LogLevel.Information, $"Step {step}: checkpoint {_path} written"))));
    }

    [Test]
    public void A_resumed_run_logs_where_it_goes_on()
    {
        new Trainer(Small with { CheckpointEverySteps = 5 }).Fit(SmallNetwork.New(), Train, Evaluation);
        var logger = new RecordingLogger();

        new Trainer(Small, logger).Resume(SmallNetwork.New(), Train, Evaluation);

        Assert.That(
            logger.Entries[0].Message,
            Is.EqualTo($"Training goes on after 5 steps, from checkpoint {_path}; kernels: {CpuTuning.Kernels}"));
        Assert.That(logger.Entries[^1].Message, Is.EqualTo("Training ended after 9 steps: Completed"));
    }

    [Test]
    public void A_diverged_run_leaves_the_checkpoint_before()
    {
        int calls = 0;
        TrainerOptions options = Small with
        {
            CheckpointEverySteps = 2,
            Loss = new StubLoss(train: () => ++calls == 6 ? double.NaN : 1),
        };

        Assert.That(
            () => new Trainer(options).Fit(SmallNetwork.New(), Train, Evaluation), Throws.TypeOf<TrainingDivergedException>());
        TrainingDivergedException again = Assert.Throws<TrainingDivergedException>(() =>
        {
            calls = 4;
            new Trainer(options).Resume(SmallNetwork.New(), Train, Evaluation);
        })!;

        Assert.That(again.Step, Is.EqualTo(6), "steps count on from the checkpoint");
        Assert.That(again.Report!.Steps, Has.Count.EqualTo(5));
    }

    [Test]
    public void Steps_between_checkpoints_allocate_nothing()
    {
        const int Steps = 20, Every = 8;
        long[] allocated = new long[Steps];
        var progress = new SynchronousProgress<TrainingProgress>(
            p => allocated[p.Step - 1] = GC.GetAllocatedBytesForCurrentThread());

        Allocations.AwaitCollections();
        TrainerOptions options = Small with
        {
            MaxSteps = Steps,
            EvaluateEverySteps = null,
            Schedule = new ConstantRate(0.1f),
            CheckpointEverySteps = Every,
            MaxDegreeOfParallelism = 1,
        };
        new Trainer(options).Fit(SmallNetwork.New(), Train, null, progress);

        long[] each = [.. allocated.Zip(allocated.Skip(1), (before, after) => after - before)];
        int[] allocating = [.. Enumerable.Range(2, Steps - 1).Where(step => each[step - 2] > 0)];
        Assert.That(allocating, Is.EqualTo(new[] { Every + 1, 2 * Every + 1 }), "steps that come after a checkpoint");
    }

    [Test]
    public void Everything_in_the_file_is_described(
        [Values(EvaluationWeights.Inference, EvaluationWeights.LastStep)] EvaluationWeights weights)
    {
        string description = File.ReadAllText(Repository.PathOf("docs", "file-formats.md"));
        var trainer = new Trainer(
            Small with { CheckpointEverySteps = 5, Binarizer = new StochasticBinarizer(1), EvaluationWeights = weights });
        trainer.Fit(new MultilayerPerceptron(SmallNetwork.Options with { HiddenDropout = 0.5f }), Train, Evaluation);
        CheckpointFile file = CheckpointFile.Load(_path);

        Assert.That(
            file.Tensors.ContainsKey("best.propagated.layer1.weights"), Is.EqualTo(weights == EvaluationWeights.LastStep));
        foreach (string name in file.Metadata.Keys)
        {
            string[] parts = name.Split('.');
            string outer = parts[0] switch
            {
                "parameter" => "parameter.PARAMETER.KEY",
                "statistic" => "statistic.STATISTIC.KEY",
                _ => parts[0],
            };
            Assert.That(description, Does.Contain($"`{outer}`").And.Contain($"`{parts[^1]}`"), name);
        }

        foreach (string name in file.Tensors.Keys)
        {
            string general = name.Replace("layer1.weights", "PARAMETER").Replace("layer1.mean", "STATISTIC");
            if (general.Contains("layer")) continue;
            Assert.That(description, Does.Contain(
                $"`{general.Replace("optimizer.mean.", "optimizer.SLOT.").Replace("optimizer.variance.", "optimizer.SLOT.")}`"));
        }

        Assert.That(
            file.Metadata["written_by"],
            Does.Match(@"^BinaryConnect\.Core [0-9]+\.[0-9]+\.[0-9]+[-.a-z0-9]*, \.NET 10\.[0-9]+\.[0-9]+$"));
    }

    [Test]
    public void The_runs_that_are_resumed_end_in_every_way()
    {
        (ResumableRun Run, Outcome Outcome)[] runs = [.. ResumableRun.All.Select(run => (run, run.Go(resumes: false)))];

        Assert.That(
            runs.Select(pair => pair.Outcome.StopReason).Distinct(),
            Is.EquivalentTo(new[] { StopReason.Completed, StopReason.ScheduleStopped, StopReason.EarlyStopped }));
        Assert.That(runs.Any(pair => pair.Outcome.RateChanges.Count > 1));
        foreach ((ResumableRun run, Outcome outcome) in runs.Where(pair => pair.Run.NewOptions().KeepBest))
            Assert.That(
                outcome.Evaluations.MaxBy(evaluation => evaluation.Accuracy), Is.Not.EqualTo(outcome.Evaluations[^1]),
                $"{run}: the best must not be the last");
    }
}

using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

internal sealed class TrainerOptionsTests
{
    private static readonly TrainerOptions Good = new();

    private static IEnumerable<TestCaseData> Faults =>
    [
        new(Good with { BatchSize = 0 }, "'BatchSize' is 0; it must be at least 1."),
        new(Good with { BatchSize = -1234 }, "'BatchSize' is -1,234; it must be at least 1."),
        new(Good with { MaxSteps = 0 }, "'MaxSteps' is 0; it must be at least 1."),
        new(Good with { MaxEpochs = 0 }, "'MaxEpochs' is 0; it must be at least 1."),
        new(Good with { EvaluateEverySteps = 0 }, "'EvaluateEverySteps' is 0; it must be at least 1."),
        new(Good with { EvaluationSamples = 0 }, "'EvaluationSamples' is 0; it must be at least 1."),
        new(Good with { EarlyStopPatience = 0, EvaluateEverySteps = 1 }, "'EarlyStopPatience' is 0; it must be at least 1."),
        new(Good with { MaxDegreeOfParallelism = 0 }, "'MaxDegreeOfParallelism' is 0; it must be at least 1."),
        new(Good with { Binarizer = null! }, "'Binarizer' is null; it must be set."),
        new(Good with { Loss = null! }, "'Loss' is null; it must be set."),
        new(Good with { Optimizer = null! }, "'Optimizer' is null; it must be set."),
        new(Good with { Schedule = null! }, "'Schedule' is null; it must be set."),
        new(Good with { PartialBatch = (PartialBatch)7 }, "'PartialBatch' is 7; it must be one of Wrap, Drop, Keep."),
        new(
            Good with { RateScaling = (RateScaling)3 },
            "'RateScaling' is 3; it must be one of None, InverseGlorot, InverseGlorotSquared."),
        new(
            Good with { EvaluationWeights = (EvaluationWeights)(-1) },
            "'EvaluationWeights' is -1; it must be one of Inference, LastStep, Latent, SampledAverage."),
        new(
            Good with { Schedule = new PlateauDecay(1, 0.5f, 1) },
            "'Schedule' listens to evaluations and 'EvaluateEverySteps' is null; it must be a number of steps."),
        new(
            Good with { EvaluationWeights = EvaluationWeights.SampledAverage },
            "'EvaluationWeights' is SampledAverage and 'Binarizer' is DeterministicBinarizer; it must be StochasticBinarizer."),
        new(Good with { CheckpointPath = "x", CheckpointEverySteps = 0 }, "'CheckpointEverySteps' is 0; it must be at least 1."),
        new(Good with { CheckpointPath = "" }, "'CheckpointPath' is empty; it must name a file, or be null."),
        new(
            Good with { CheckpointEverySteps = 1 },
            "'CheckpointEverySteps' is set and 'CheckpointPath' is null; it must name a file."),
        new(
            Good with { EarlyStopPatience = 1 },
            "'EarlyStopPatience' is set and 'EvaluateEverySteps' is null; it must be a number of steps."),
    ];

    [Test]
    public void Options_start_as_documented()
    {
        Assert.That(Good.BatchSize, Is.EqualTo(128));
        Assert.That(Good.PartialBatch, Is.EqualTo(PartialBatch.Wrap));
        Assert.That(Good.Seed, Is.Zero);
        Assert.That(Good.MaxSteps, Is.Null);
        Assert.That(Good.MaxEpochs, Is.Null);
        Assert.That(Good.Binarizer, Is.TypeOf<DeterministicBinarizer>());
        Assert.That(Good.Loss, Is.TypeOf<CrossEntropyLoss>());
        Assert.That(Good.Optimizer, Is.TypeOf<Sgd>().With.Property("Momentum").EqualTo(0));
        Assert.That(Good.Schedule.RateAt(1000), Is.EqualTo(0.1f));
        Assert.That(Good.RateScaling, Is.EqualTo(RateScaling.None));
        Assert.That(Good.ClipWeights, Is.Null);
        Assert.That(Good.EvaluateEverySteps, Is.Null);
        Assert.That(Good.EvaluationWeights, Is.EqualTo(EvaluationWeights.Inference));
        Assert.That(Good.EvaluationSamples, Is.EqualTo(10));
        Assert.That(Good.KeepBest, Is.False);
        Assert.That(Good.RecomputeStatistics, Is.False);
        Assert.That(Good.EarlyStopPatience, Is.Null);
        Assert.That(Good.CheckpointPath, Is.Null);
        Assert.That(Good.CheckpointEverySteps, Is.Null);
        Assert.That(Good.MaxDegreeOfParallelism, Is.EqualTo(Environment.ProcessorCount));
        Assert.That(Good.Validate, Throws.Nothing);
    }

    [Test]
    public void Optimizers_are_not_shared_between_options() =>
        Assert.That(new TrainerOptions().Optimizer, Is.Not.SameAs(Good.Optimizer));

    [TestCaseSource(nameof(Faults))]
    public void Each_fault_is_named(TrainerOptions options, string message)
    {
        Assert.That(options.Validate, Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(() => new Trainer(options), Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(
            () => new TrainingStep(new StubModel(1, 2), options),
            Throws.ArgumentException.With.Message.EqualTo(message));
    }

    [Test]
    public void All_faults_are_named_at_once()
    {
        var options = new TrainerOptions
        {
            BatchSize = 0,
            MaxSteps = -1,
            MaxEpochs = -2,
            EvaluateEverySteps = 0,
            EvaluationSamples = 0,
            EarlyStopPatience = 0,
            Binarizer = null!,
            Loss = null!,
            Optimizer = null!,
            Schedule = null!,
            Metric = null!,
            LeastGain = double.NaN,
            PartialBatch = (PartialBatch)9,
            RateScaling = (RateScaling)9,
            EvaluationWeights = (EvaluationWeights)9,
        };

        Assert.That(options.Validate, Throws.ArgumentException.With.Message.EqualTo(string.Join(
            Environment.NewLine,
            "'BatchSize' is 0; it must be at least 1.",
            "'MaxSteps' is -1; it must be at least 1.",
            "'MaxEpochs' is -2; it must be at least 1.",
            "'EvaluateEverySteps' is 0; it must be at least 1.",
            "'EvaluationSamples' is 0; it must be at least 1.",
            "'EarlyStopPatience' is 0; it must be at least 1.",
            "'Binarizer' is null; it must be set.",
            "'Loss' is null; it must be set.",
            "'Optimizer' is null; it must be set.",
            "'Schedule' is null; it must be set.",
            "'Metric' is null; it must be set.",
            "'LeastGain' is NaN; it must be zero or positive, and finite.",
            "'PartialBatch' is 9; it must be one of Wrap, Drop, Keep.",
            "'RateScaling' is 9; it must be one of None, InverseGlorot, InverseGlorotSquared.",
            "'EvaluationWeights' is 9; it must be one of Inference, LastStep, Latent, SampledAverage.")));
    }

    [Test]
    public void Values_at_the_edges_are_in_range()
    {
        var options = new TrainerOptions
        {
            BatchSize = 1,
            MaxSteps = 1,
            MaxEpochs = 1,
            EvaluateEverySteps = 1,
            EarlyStopPatience = 1,
            Schedule = new PlateauDecay(1, 0.5f, 1),
        };
        Assert.That(options.Validate, Throws.Nothing);
    }
}

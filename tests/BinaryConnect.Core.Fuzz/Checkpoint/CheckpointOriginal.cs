using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Fuzz.Checkpoint;

/// <summary>A small run, and the checkpoint that it wrote after six of its ten steps.</summary>
internal sealed class CheckpointOriginal
{
    private const int Features = 5, Classes = 3, SavedStep = 6, Steps = 10;

    private static readonly Dataset Train = Data(rows: 23, seed: 1), Evaluation = Data(rows: 9, seed: 2);
    private static readonly int[] Order = [.. Enumerable.Range(0, 60).Select(i => i * 7 % 23)];

    private readonly Func<IModel> _model;
    private readonly Func<TrainerOptions> _options;
    private readonly bool _isReplay;

    private CheckpointOriginal(
        string name, Func<IModel> model, Func<TrainerOptions> options, string folder, bool isReplay = false)
    {
        Name = name;
        _model = model;
        _options = options;
        _isReplay = isReplay;
        string path = Path.Combine(folder, "original");
        using var source = new CancellationTokenSource();
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.Step == SavedStep) source.Cancel();
        });
        CheckpointRun run = NewRun(path);
        run.Trainer.Fit(run.Model, run.Sampler, run.Evaluation, progress, source.Token);
        Content = File.ReadAllBytes(path);
    }

    public string Name { get; }

    public byte[] Content { get; }

    /// <summary>Runs that between them use all that a checkpoint can hold.</summary>
    public static CheckpointOriginal[] All(string folder) =>
    [
        new("logistic", Logistic, () => Small() with
        {
            Binarizer = new StochasticBinarizer(4),
            Optimizer = new Sgd(0.9f),
            Schedule = new LinearWarmup(new PlateauDecay(0.2f, 0.5f, maxDecays: 4, patience: 1), steps: 7),
            PartialBatch = PartialBatch.Keep,
        }, folder),
        new("multilayer", Multilayer, () => Small() with
        {
            Loss = new SquaredHingeLoss(),
            Optimizer = new Adam(),
            Schedule = new ConstantRate(0.05f),
            RateScaling = RateScaling.InverseGlorot,
            EvaluationWeights = EvaluationWeights.LastStep,
            KeepBest = true,
        }, folder),
        new("unclipped", Logistic, () => Small() with
        {
            Binarizer = new IdentityBinarizer(),
            Optimizer = new Adam(0.5f, 0.9f),
            Schedule = new PlateauDecay(0.2f, 0.5f, maxDecays: 5),
            EarlyStopPatience = 4,
            KeepBest = true,
        }, folder),
        new("replay", Logistic, () => Small() with { Optimizer = new Sgd(0.8f, nesterov: true) }, folder, isReplay: true),
    ];

    /// <summary>Objects that a checkpoint at that path may be resumed with, made anew.</summary>
    public CheckpointRun NewRun(string path)
    {
        TrainerOptions options = _options() with { CheckpointPath = path };
        BatchSampler sampler = _isReplay
            ? BatchSampler.Replay(Train, options.BatchSize, Order)
            : new BatchSampler(Train, options.BatchSize, options.Seed, options.PartialBatch);
        return new CheckpointRun(_model(), options, sampler, Evaluation);
    }

    private static TrainerOptions Small() => new()
    {
        BatchSize = 4,
        Seed = 6,
        MaxSteps = Steps,
        EvaluateEverySteps = 2,
        MaxDegreeOfParallelism = 1,
    };

    private static LogisticModel Logistic() => new(
        new LogisticModelOptions { Features = Features, Classes = Classes, InitialMinimum = -1, OutputScale = 1, Seed = 2 });

    private static MultilayerPerceptron Multilayer() => new(new MultilayerPerceptronOptions
    {
        Features = Features,
        HiddenUnits = [4],
        Classes = Classes,
        HiddenDropout = 0.25f,
        Seed = 3,
    });

    private static Dataset Data(int rows, int seed)
    {
        var random = new Random(seed);
        byte[] features = new byte[rows * Features];
        random.NextBytes(features);
        int[] labels = [.. Enumerable.Range(0, rows).Select(row => features[row * Features] * Classes / 256)];
        return Dataset.FromBytes(features, labels, Features, Classes);
    }
}

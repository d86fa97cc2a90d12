using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Support;

/// <summary>
/// Runs of many kinds that stop and resume. Each call makes all objects anew, as another process would.
/// </summary>
internal sealed record ResumableRun(string Name, Func<IModel> NewModel, Func<TrainerOptions> NewOptions)
{
    private static readonly Dataset Bytes = SmallData.Bytes(23), Floats = SmallData.Floats(23);
    private static readonly Dataset Evaluation = SmallData.Bytes(9, seed: 2);
    private static readonly int[] Order = [.. Numbers.Labels(5, 60, 23)];

    public bool HasFloats { get; init; }

    public bool IsReplay { get; init; }

    public override string ToString() => Name;

    public static IEnumerable<ResumableRun> All =>
    [
        new("tutorial", Logistic(), () => Options() with
        {
            EvaluationWeights = EvaluationWeights.LastStep,
            Schedule = new PlateauDecay(0.5f, 0.9f, maxDecays: 7),
        }),
        new("momentum, stochastic, floats", Logistic(scale: 0.5f), () => Options() with
        {
            Binarizer = new StochasticBinarizer(4),
            Optimizer = new Sgd(0.9f),
            Schedule = new LinearWarmup(new PlateauDecay(0.2f, 0.5f, maxDecays: 2, patience: 1), steps: 7),
            PartialBatch = PartialBatch.Keep,
        }) { HasFloats = true },
        new("nesterov, full precision, early stop", Logistic(binarizeBias: true), () => Options() with
        {
            Binarizer = new IdentityBinarizer(),
            Optimizer = new Sgd(0.8f, nesterov: true),
            PartialBatch = PartialBatch.Drop,
            EarlyStopPatience = 3,
            KeepBest = true,
        }),
        new("replayed order", Logistic(), () => Options() with { MaxSteps = null, Optimizer = new Adam() }) { IsReplay = true },
        new("network, adam, dropout, sampled average", Network(dropout: 0.3f), () => Options() with
        {
            Binarizer = new StochasticBinarizer(4),
            Loss = new SquaredHingeLoss(),
            Optimizer = new Adam(),
            Schedule = new ExponentialDecay(0.1f, 0.02f, epochs: 5, stepsPerEpoch: 4),
            RateScaling = RateScaling.InverseGlorot,
            EvaluationWeights = EvaluationWeights.SampledAverage,
            EvaluationSamples = 2,
            RecomputeStatistics = true,
            KeepBest = true,
        }),
        new("network, momentum, last step, best", Network(), () => Options() with
        {
            Loss = new SquaredHingeLoss(),
            Optimizer = new Sgd(0.5f),
            Schedule = new CosineDecay(0.05f, steps: 20),
            RateScaling = RateScaling.InverseGlorotSquared,
            EvaluationWeights = EvaluationWeights.LastStep,
            KeepBest = true,
            EvaluateEverySteps = 1,
        }),
        new("network without normalization, early stop", Network(Normalization.None), () => Options() with
        {
            Schedule = new StepDecay(0.1f, 0.5f, every: 5),
            EvaluationWeights = EvaluationWeights.Latent,
            EarlyStopPatience = 2,
        }),
    ];

    /// <summary>Runs from the start, or from the checkpoint that the options name.</summary>
    public Outcome Go(
        bool resumes, Func<TrainerOptions, TrainerOptions>? change = null, Action<TrainingProgress>? progress = null,
        int? cancelAfter = null)
    {
        IModel model = NewModel();
        TrainerOptions options = NewOptions();
        return Outcome.Of(model, Go(resumes, model, new Trainer(change?.Invoke(options) ?? options), progress, cancelAfter));
    }

    /// <summary>The same with a model and a trainer that are there.</summary>
    public TrainingReport Go(
        bool resumes, IModel model, Trainer trainer, Action<TrainingProgress>? progress = null, int? cancelAfter = null)
    {
        using var source = new CancellationTokenSource();
        if (cancelAfter == 0) source.Cancel();
        var observer = new SynchronousProgress<TrainingProgress>(p =>
        {
            progress?.Invoke(p);
            if (p.Step == cancelAfter) source.Cancel();
        });
        if (IsReplay)
        {
            BatchSampler sampler = BatchSampler.Replay(Bytes, 4, Order);
            return resumes
                ? trainer.Resume(model, sampler, Evaluation, observer, source.Token)
                : trainer.Fit(model, sampler, Evaluation, observer, source.Token);
        }

        Dataset train = HasFloats ? Floats : Bytes;
        return resumes
            ? trainer.Resume(model, train, Evaluation, observer, source.Token)
            : trainer.Fit(model, train, Evaluation, observer, source.Token);
    }

    private static TrainerOptions Options() => new()
    {
        BatchSize = 4,
        Seed = 6,
        MaxSteps = 20,
        EvaluateEverySteps = 3,
    };

    private static Func<IModel> Logistic(float? scale = null, bool binarizeBias = false) => () => new LogisticModel(
        new LogisticModelOptions
        {
            Features = SmallData.Features,
            Classes = SmallData.Classes,
            InitialMinimum = -1,
            Seed = 2,
            OutputScale = scale,
            BinarizeBias = binarizeBias,
        });

    private static Func<IModel> Network(Normalization normalization = Normalization.Batch, float dropout = 0) => () =>
        new MultilayerPerceptron(
            SmallNetwork.Options with { Normalization = normalization, InputDropout = dropout, HiddenDropout = dropout });
}

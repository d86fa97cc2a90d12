using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training.Metrics;

namespace BinaryConnect.Training;

/// <summary>
/// The options of a <see cref="Trainer"/>. Runs at the same time must not share an optimizer, a schedule that listens
/// to evaluations, or a binarizer that draws at random.
/// </summary>
public sealed record TrainerOptions
{
    /// <summary>
    /// The number of rows in a batch, n ≥ 1, and at least the model's <see cref="IModel.LeastRows"/>: 2 with batch
    /// normalization.
    /// </summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>
    /// The treatment of a batch that the end of an epoch cuts short. With <see cref="PartialBatch.Keep"/> it may have
    /// fewer rows than the model's <see cref="IModel.LeastRows"/>. Batch normalization of a single row gives β and
    /// leaves its averages as they are: such a step teaches little.
    /// </summary>
    public PartialBatch PartialBatch { get; init; } = PartialBatch.Wrap;

    /// <summary>The seed of the order of the examples. Models and binarizers have their own seeds.</summary>
    public int Seed { get; init; }

    /// <summary>The largest number of steps, at least 1; null for no such bound.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>
    /// The largest number of epochs, at least 1; null for no such bound. If both bounds are null, it is 1.
    /// </summary>
    public int? MaxEpochs { get; init; }

    /// <summary>
    /// The binarizer of effective weights. A run sets its <see cref="IBinarizer.Draws"/> to 0 when it begins.
    /// </summary>
    public IBinarizer Binarizer { get; init; } = new DeterministicBinarizer();

    /// <summary>The loss, of training and evaluation.</summary>
    public ILoss Loss { get; init; } = new CrossEntropyLoss();

    /// <summary>
    /// The optimizer of the latent weights. A run continues with its moments of the model's parameters. Call
    /// <see cref="IOptimizer.Reset"/> before a run that must not.
    /// </summary>
    public IOptimizer Optimizer { get; init; } = new Sgd();

    /// <summary>The learning rate of each step.</summary>
    public ILearningRateSchedule Schedule { get; init; } = new ConstantRate(0.1f);

    /// <summary>
    /// The scaling of the rate of connection weights. It does not apply to weights whose own binarizer does not use the
    /// bound.
    /// </summary>
    public RateScaling RateScaling { get; init; } = RateScaling.None;

    /// <summary>
    /// Whether latent connection weights are clipped to their bound after each update. Null clips those whose binarizer
    /// uses the bound (<see cref="IBinarizer.UsesBound"/>): <see cref="Binarizer"/>, or the parameter's own.
    /// </summary>
    public bool? ClipWeights { get; init; }

    /// <summary>
    /// The number of steps between evaluations, at least 1; null to evaluate only after the last step.
    /// </summary>
    public int? EvaluateEverySteps { get; init; }

    /// <summary>
    /// The weights of evaluations, with which the model also ends. <see cref="EvaluationWeights.SampledAverage"/> needs
    /// a <see cref="StochasticBinarizer"/>; the model then ends with the signs.
    /// </summary>
    public EvaluationWeights EvaluationWeights { get; init; } = EvaluationWeights.Inference;

    /// <summary>
    /// The number of networks that <see cref="EvaluationWeights.SampledAverage"/> draws, at least 1; each takes a pass
    /// over the data. Loss and accuracy are those of the mean logits. The draws depend only on the binarizer's seed and
    /// the step, and training never makes the same ones. So training gives the same bits for any number of evaluations.
    /// </summary>
    public int EvaluationSamples { get; init; } = 10;

    /// <summary>
    /// Whether the model's statistics, such as means and variances of batch normalization, are recomputed before each
    /// evaluation, as the paper does for MNIST. They are computed over the training set, in batches of
    /// <see cref="BatchSize"/>, for the weights of the evaluation. Each time takes a forward pass over the whole set.
    /// They replace running averages, which training itself does not use: it gives the same bits with and without. If
    /// networks are drawn, statistics are recomputed for each of them, and at last for the signs.
    /// </summary>
    public bool RecomputeStatistics { get; init; }

    /// <summary>
    /// The figure that says which of two evaluations is better, for <see cref="KeepBest"/>,
    /// <see cref="EarlyStopPatience"/> and the report: accuracy, loss, or one of your own.
    /// </summary>
    public IMetric Metric { get; init; } = Metrics.Metric.Accuracy;

    /// <summary>
    /// The least gain of a better evaluation, in units of <see cref="Metric"/>, finite and not negative. An evaluation
    /// is better only if it beats the best so far by more than this.
    /// </summary>
    public double LeastGain { get; init; }

    /// <summary>
    /// Whether the model ends with the weights and statistics of the best evaluation by <see cref="Metric"/>, the first
    /// of equals, instead of the last ones. This holds however the run ends.
    /// </summary>
    public bool KeepBest { get; init; }

    /// <summary>
    /// The number of evaluations in a row without a better one, by <see cref="Metric"/> and <see cref="LeastGain"/>,
    /// that ends the run, at least 1; null for never.
    /// </summary>
    public int? EarlyStopPatience { get; init; }

    /// <summary>
    /// The largest number of threads of one step, at least 1; the number of processors unless set. Steps too small to
    /// be split take one. Results are the same to the bit for any number, on one instruction set and one choice of
    /// kernels. Threads that cannot be started leave their work to the others. A value above 64, and above the number
    /// of processors, has no further effect. In a browser any value has the effect of 1.
    /// </summary>
    public int MaxDegreeOfParallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// The file from which a run can be resumed (<c>Trainer.Resume</c>); null for none. It is written as a whole to a
    /// temporary file, which then replaces the old one. So there is always a complete file after the first. Symbolic
    /// links are followed, and the mode is kept. A cancelled run writes it too. Before the first step the run checks
    /// that it can be written. docs/file-formats.md of the project describes its format.
    /// </summary>
    /// <remarks>
    /// The file holds kind and settings of binarizer, optimizer, schedule, loss and model, and a resumed run must have
    /// the same. Your own should implement <see cref="Settings.IDescribable"/>. Otherwise the name of the type stands
    /// for an object. A schedule or a loss is also compared at a few points. For any other object a warning is logged.
    /// </remarks>
    public string? CheckpointPath { get; init; }

    /// <summary>
    /// The number of steps between checkpoints, at least 1; null for none unless the run is cancelled. One that is due
    /// after the last step is written too, unless only the end of the run caused the evaluation there.
    /// </summary>
    public int? CheckpointEverySteps { get; init; }

    /// <summary>Whether connection weights are clipped, by <see cref="ClipWeights"/> or the binarizer.</summary>
    internal bool ClipsWeights => ClipWeights ?? Binarizer.UsesBound;

    /// <summary>Whether these weights are clipped.</summary>
    internal bool Clips(Parameter parameter) =>
        parameter.IsWeight && (ClipWeights ?? (parameter.Binarizer ?? Binarizer).UsesBound);

    /// <summary>Throws unless every option is in range and fits the others, and names all that do not.</summary>
    /// <exception cref="ArgumentException">An option is invalid; the message has a line for each fault.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        AtLeastOne(BatchSize, nameof(BatchSize));
        AtLeastOne(MaxSteps, nameof(MaxSteps));
        AtLeastOne(MaxEpochs, nameof(MaxEpochs));
        AtLeastOne(EvaluateEverySteps, nameof(EvaluateEverySteps));
        AtLeastOne(EvaluationSamples, nameof(EvaluationSamples));
        AtLeastOne(EarlyStopPatience, nameof(EarlyStopPatience));
        AtLeastOne(MaxDegreeOfParallelism, nameof(MaxDegreeOfParallelism));
        AtLeastOne(CheckpointEverySteps, nameof(CheckpointEverySteps));
        NotNull(Binarizer, nameof(Binarizer));
        NotNull(Loss, nameof(Loss));
        NotNull(Optimizer, nameof(Optimizer));
        NotNull(Schedule, nameof(Schedule));
        NotNull(Metric, nameof(Metric));
        if (Metric is { Name: null or "" }) faults.Add("'Metric' has no name; it must have one.");
        if (!(LeastGain >= 0 && double.IsFinite(LeastGain)))
            faults.Add($"'LeastGain' is {LeastGain}; it must be zero or positive, and finite.");
        Defined(PartialBatch, nameof(PartialBatch));
        Defined(RateScaling, nameof(RateScaling));
        Defined(EvaluationWeights, nameof(EvaluationWeights));
        if (EvaluationWeights == EvaluationWeights.SampledAverage && Binarizer is not (null or StochasticBinarizer))
            faults.Add(
                $"'EvaluationWeights' is {EvaluationWeights} and 'Binarizer' is {Binarizer.GetType().Name}; "
                + $"it must be {nameof(StochasticBinarizer)}.");
        if (EvaluateEverySteps is null && Schedule is { ListensToEvaluations: true })
            faults.Add("'Schedule' listens to evaluations and 'EvaluateEverySteps' is null; it must be a number of steps.");
        if (EvaluateEverySteps is null && EarlyStopPatience is not null)
            faults.Add("'EarlyStopPatience' is set and 'EvaluateEverySteps' is null; it must be a number of steps.");
        if (CheckpointPath is "") faults.Add("'CheckpointPath' is empty; it must name a file, or be null.");
        if (CheckpointPath is null && CheckpointEverySteps is not null)
            faults.Add("'CheckpointEverySteps' is set and 'CheckpointPath' is null; it must name a file.");
        if (faults.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, faults));

        void AtLeastOne(int? value, string name)
        {
            if (value < 1) faults.Add($"'{name}' is {value:N0}; it must be at least 1.");
        }

        void NotNull(object? value, string name)
        {
            if (value is null) faults.Add($"'{name}' is null; it must be set.");
        }

        void Defined<T>(T value, string name)
            where T : struct, Enum
        {
            if (!Enum.IsDefined(value))
                faults.Add($"'{name}' is {value}; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }
}

using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;

namespace BinaryConnect.Training;

/// <summary>
/// How a <see cref="Trainer"/> trains. Runs at the same time need options with an optimizer each, and with a schedule
/// that listens to evaluations, or a binarizer that draws at random, of their own.
/// </summary>
public sealed record TrainerOptions
{
    /// <summary>
    /// Rows in a batch, n ≥ 1, and at least the model's <see cref="IModel.LeastRows"/>: 2 with batch
    /// normalization.
    /// </summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>
    /// What happens where an epoch's end cuts a batch short. With <see cref="PartialBatch.Keep"/> it may have fewer rows
    /// than the model's <see cref="IModel.LeastRows"/>. Batch normalization of a single row gives β and leaves
    /// its averages as they are: such a step teaches little.
    /// </summary>
    public PartialBatch PartialBatch { get; init; } = PartialBatch.Wrap;

    /// <summary>Seeds the order of the examples. Models and binarizers have seeds of their own.</summary>
    public int Seed { get; init; }

    /// <summary>Steps to take at the most, at least 1; null for no such bound.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>Epochs to train at the most, at least 1; null for no such bound. Where both bounds are null it is 1.</summary>
    public int? MaxEpochs { get; init; }

    /// <summary>
    /// What propagated weights are made by. A run sets its <see cref="IBinarizer.Draws"/> to 0 where it begins.
    /// </summary>
    public IBinarizer Binarizer { get; init; } = new DeterministicBinarizer();

    /// <summary>The loss, of training and evaluation.</summary>
    public ILoss Loss { get; init; } = new CrossEntropyLoss();

    /// <summary>
    /// What moves the latent weights. A run goes on with the moments that it has of the model's parameters; for others
    /// call <see cref="IOptimizer.Reset"/> before.
    /// </summary>
    public IOptimizer Optimizer { get; init; } = new Sgd();

    /// <summary>The learning rate of each step.</summary>
    public ILearningRateSchedule Schedule { get; init; } = new ConstantRate(0.1f);

    /// <summary>
    /// What the rate of connection weights is multiplied by. Weights that have a binarizer of their own which does not
    /// use the bound are left out.
    /// </summary>
    public RateScaling RateScaling { get; init; } = RateScaling.None;

    /// <summary>
    /// Whether latent connection weights are clipped to their bound after each update; null clips those whose binarizer
    /// uses the bound (<see cref="IBinarizer.UsesBound"/>): <see cref="Binarizer"/>, or one of the parameter's own.
    /// </summary>
    public bool? ClipWeights { get; init; }

    /// <summary>Steps between evaluations, at least 1; null to evaluate after the last step alone.</summary>
    public int? EvaluateEverySteps { get; init; }

    /// <summary>
    /// Which weights evaluations use, and the model is left with; with <see cref="EvaluationWeights.SampledAverage"/>, which needs a
    /// <see cref="StochasticBinarizer"/>, it is left with the signs.
    /// </summary>
    public EvaluationWeights EvaluationWeights { get; init; } = EvaluationWeights.Inference;

    /// <summary>
    /// How many networks <see cref="EvaluationWeights.SampledAverage"/> draws, at least 1; each takes a pass over the data. The mean
    /// of their logits is what loss and accuracy are taken of. The draws depend on the binarizer's seed and the step alone and are
    /// none that training makes, so that it is the same to the bit however often it is evaluated.
    /// </summary>
    public int EvaluationSamples { get; init; } = 10;

    /// <summary>
    /// Whether the model's statistics, such as means and variances of batch normalization, are recomputed before each evaluation
    /// over the training set, in batches of <see cref="BatchSize"/>, for the weights that the evaluation uses, as the paper does for
    /// MNIST. Each time takes a forward pass over all of it. They take the place of running averages, which training itself does not
    /// use, so that it is the same to the bit with and without. Where networks are drawn, statistics are recomputed for each of them,
    /// and at last for the signs.
    /// </summary>
    public bool RecomputeStatistics { get; init; }

    /// <summary>
    /// Whether the model ends with the weights and statistics of the most accurate evaluation (the first of equals)
    /// instead of the last ones, however the run ends.
    /// </summary>
    public bool KeepBest { get; init; }

    /// <summary>How many evaluations in a row without a better accuracy end the run, at least 1; null for never.</summary>
    public int? EarlyStopPatience { get; init; }

    /// <summary>
    /// The most threads that work on one step, at least 1; as many as the machine has processors unless set. Steps too
    /// small to be split take one. Results are the same to the bit for any number, on one instruction set and one
    /// choice of kernels. Those that cannot be started leave their work to the others; a browser starts none. More than
    /// 64, or than the machine has processors if it has more, are as good as that many.
    /// </summary>
    public int MaxDegreeOfParallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// The file that a run can be resumed from (<c>Trainer.Resume</c>); null for none. It is written as a whole beside the old
    /// one and then takes its place, so that there is a complete one at any time after the first. Symbolic links are
    /// followed, and the mode is kept. A run that is cancelled writes it too. That it can be written is checked
    /// before the first step. Its form is described in docs/file-formats.md of the project.
    /// </summary>
    /// <remarks>
    /// The file holds kind and settings of binarizer, optimizer, schedule, loss and model, and a resumed run must
    /// have the same. Your own should implement <see cref="Settings.IDescribable"/>. One that does not is known by
    /// the name of its type; a schedule or a loss also by what it gives at a few points. For any other a warning is
    /// logged.
    /// </remarks>
    public string? CheckpointPath { get; init; }

    /// <summary>
    /// Steps between checkpoints, at least 1; null for none unless the run is cancelled. After the last step one that is due is
    /// written too, unless the evaluation there was not due and came because the run ended.
    /// </summary>
    public int? CheckpointEverySteps { get; init; }

    /// <summary>Whether connection weights are clipped, as <see cref="ClipWeights"/> or the binarizer says.</summary>
    internal bool ClipsWeights => ClipWeights ?? Binarizer.UsesBound;

    /// <summary>Whether these weights are clipped.</summary>
    internal bool Clips(Parameter parameter) => parameter.IsWeight && (ClipWeights ?? (parameter.Binarizer ?? Binarizer).UsesBound);

    /// <summary>Throws unless every option is in range and fits the others, naming all that do not.</summary>
    /// <exception cref="ArgumentException">Some option does not; the message has a line for each fault.</exception>
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
        Defined(PartialBatch, nameof(PartialBatch));
        Defined(RateScaling, nameof(RateScaling));
        Defined(EvaluationWeights, nameof(EvaluationWeights));
        if (EvaluationWeights == EvaluationWeights.SampledAverage && Binarizer is not (null or StochasticBinarizer))
            faults.Add($"'EvaluationWeights' is {EvaluationWeights} and 'Binarizer' is {Binarizer.GetType().Name}; it must be {nameof(StochasticBinarizer)}.");
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
            if (!Enum.IsDefined(value)) faults.Add($"'{name}' is {value}; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }
}

using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Training.Checkpoints;
using BinaryConnect.Training.Evaluation;
using BinaryConnect.Training.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BinaryConnect.Training;

/// <summary>
/// Trains a model on a data set with batches, schedule and evaluations, and returns a report. One run at a time.
/// </summary>
/// <remarks>
/// A run of <c>Fit</c> starts from its seeds: the schedule is reset, and binarizer and model draw as if they never had.
/// It continues from the values of the model, from the optimizer's state of it
/// (<see cref="Optimizers.IOptimizer.Reset"/>), and from the position of a caller's sampler. So the same options, data
/// and model values give the same run.
/// <para>
/// However a run ends, the model is usable. It has the weights and statistics of the best evaluation if
/// <see cref="TrainerOptions.KeepBest"/> is set and there was one, otherwise those after the last good step. Its
/// effective weights are those of evaluations. With <see cref="EvaluationWeights.LastStep"/> they are those of the last
/// step, even if that step failed. An exception before the first step is thrown as it is, and the model does not
/// change. A later one is thrown as a <see cref="TrainingStoppedException"/>, with the report so far.
/// </para>
/// </remarks>
public sealed class Trainer
{
    private readonly TrainerOptions _options;
    private readonly ILogger _logger;

    /// <summary>Creates a trainer.</summary>
    /// <param name="options">The options of its runs.</param>
    /// <param name="logger">
    /// Logs the start, evaluations, changes of rate, checkpoints and end of runs; null for no log. A container that has
    /// <paramref name="options"/> and logging provides one by itself.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Options are out of range; the message has a line for each.</exception>
    public Trainer(TrainerOptions options, ILogger<Trainer>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _logger = logger ?? NullLogger<Trainer>.Instance;
    }

    /// <summary>
    /// Trains on shuffled batches. The first checkpoint of this run replaces that of an earlier run; see <c>Resume</c>.
    /// </summary>
    /// <param name="model">
    /// The model to train. It ends with the weights of the last evaluation, or of the best
    /// (<see cref="TrainerOptions.KeepBest"/>).
    /// </param>
    /// <param name="train">The examples to learn from.</param>
    /// <param name="evaluation">The examples to evaluate on; null for no evaluation.</param>
    /// <param name="progress">
    /// Called after every step, on this thread unless it is a <see cref="Progress{T}"/>; null for no progress.
    /// </param>
    /// <param name="cancellationToken">Stops the run between two steps; the report says so.</param>
    /// <returns>Each step and evaluation, and the reason why the run ended.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="model"/> or <paramref name="train"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// Data or batch size do not fit the model, or model or optimizer hold values that no run can continue from. Or the
    /// schedule gives no first rate, the options require evaluations and <paramref name="evaluation"/> is null, or no
    /// checkpoint can be written.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// Schedule, binarizer or model have a state that no checkpoint can restore. Or another run uses the model, or the
    /// optimizer, schedule or binarizer of the options.
    /// </exception>
    /// <exception cref="TrainingDivergedException">The training diverged.</exception>
    /// <exception cref="TrainingStoppedException">
    /// During the run a component failed: progress handler, logger, checkpoint file, binarizer, loss, optimizer,
    /// schedule or model. <see cref="TrainingStoppedException.Cause"/> tells which.
    /// </exception>
    public TrainingReport Fit(
        IModel model,
        Dataset train,
        Dataset? evaluation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Fit(model, Sampler(model, train), evaluation, progress, cancellationToken);

    /// <summary>Trains on the batches of a sampler, such as one that replays an order.</summary>
    /// <inheritdoc cref="Fit(IModel, Dataset, Dataset?, IProgress{TrainingProgress}?, CancellationToken)"
    /// path="/*[not(self::param)]"/>
    /// <param name="model">
    /// The model to train. It ends with the weights of the last evaluation, or of the best
    /// (<see cref="TrainerOptions.KeepBest"/>).
    /// </param>
    /// <param name="sampler">
    /// The sampler of the batches, from its current position; its batch size must be that of the options.
    /// </param>
    /// <param name="evaluation">The examples to evaluate on; null for no evaluation.</param>
    /// <param name="progress">
    /// Called after every step, on this thread unless it is a <see cref="Progress{T}"/>; null for no progress.
    /// </param>
    /// <param name="cancellationToken">Stops the run between two steps; the report says so.</param>
    public TrainingReport Fit(
        IModel model,
        BatchSampler sampler,
        Dataset? evaluation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Run(model, sampler, evaluation, resumes: false, progress, cancellationToken);

    /// <summary>
    /// Continues from the checkpoint of a run of <c>Fit</c>, to the same bits as if it had never stopped. That holds
    /// for weights, statistics and the report except the time. The number of steps may differ, if it is not less than
    /// the steps already done. All other options, data and model must be like those of the saved run. The state of
    /// model, optimizer, schedule and binarizer is replaced. The bits are the same on one instruction set and one
    /// choice of kernels, with one version of this library and of .NET. The file and the log name the first two; if
    /// they differ, a warning is logged and the run continues.
    /// </summary>
    /// <param name="model">The model to train: one made as it was for <c>Fit</c>, or the same object.</param>
    /// <param name="train">The examples to learn from.</param>
    /// <param name="evaluation">The examples to evaluate on; null for no evaluation.</param>
    /// <param name="progress">Called after every step from here on; null for no progress.</param>
    /// <param name="cancellationToken">Stops the run between two steps; the report says so.</param>
    /// <returns>
    /// Each step and evaluation, including those before the checkpoint, and the reason why the run ended.
    /// </returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="model"/> or <paramref name="train"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// Data or batch size do not fit the model. Or options, data or model are not like those of the checkpoint; the
    /// message has a line for each difference. Nothing was changed.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="TrainerOptions.CheckpointPath"/> is null, or another run uses the same objects.
    /// </exception>
    /// <exception cref="InvalidDataException">
    /// The file is not a checkpoint, or damaged. Nothing was changed.
    /// </exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="TrainingDivergedException">The training diverged.</exception>
    /// <exception cref="TrainingStoppedException">
    /// During the run a component failed: progress handler, logger, checkpoint file, binarizer, loss, optimizer,
    /// schedule or model. <see cref="TrainingStoppedException.Cause"/> tells which.
    /// </exception>
    public TrainingReport Resume(
        IModel model,
        Dataset train,
        Dataset? evaluation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Resume(model, Sampler(model, train), evaluation, progress, cancellationToken);

    /// <summary>Continues from the checkpoint of a run on the batches of a sampler.</summary>
    /// <inheritdoc cref="Resume(IModel, Dataset, Dataset?, IProgress{TrainingProgress}?, CancellationToken)"
    /// path="/*[not(self::param)]"/>
    /// <param name="model">The model to train: one made as it was for <c>Fit</c>, or the same object.</param>
    /// <param name="sampler">
    /// A sampler made as it was for <c>Fit</c>; it moves to the position in the checkpoint.
    /// </param>
    /// <param name="evaluation">The examples to evaluate on; null for no evaluation.</param>
    /// <param name="progress">Called after every step from here on; null for no progress.</param>
    /// <param name="cancellationToken">Stops the run between two steps; the report says so.</param>
    public TrainingReport Resume(
        IModel model,
        BatchSampler sampler,
        Dataset? evaluation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (_options.CheckpointPath is null)
            throw new InvalidOperationException(
                "'CheckpointPath' is null; to resume a run it must name the file of its checkpoint.");
        return Run(model, sampler, evaluation, resumes: true, progress, cancellationToken);
    }

    /// <summary>
    /// Evaluates a model, as it is, with the loss of the options. The model does not change: as many threads may do so
    /// at the same time as may call its <see cref="IModel.Infer"/>.
    /// </summary>
    /// <param name="model">The model to evaluate, with its current effective values.</param>
    /// <param name="data">The examples to evaluate on.</param>
    /// <returns>Loss and accuracy.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">Data and model do not fit.</exception>
    public EvaluationResult Evaluate(IModel model, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        DataCheck.Fits(model, data, nameof(data));
        return new Evaluator(model, _options.Loss, data).Run();
    }

    /// <summary>
    /// Evaluates a model in one of the paper's ways (section 2.6), with binarizer, loss and samples of the options. The
    /// model ends as it was, but changes meanwhile: no other code may use it.
    /// </summary>
    /// <param name="model">The model to evaluate.</param>
    /// <param name="data">The examples to evaluate on.</param>
    /// <param name="weights">
    /// The choice of weights; <see cref="EvaluationWeights.LastStep"/> stands for the model's current effective values.
    /// </param>
    /// <param name="train">
    /// The examples to recompute statistics on, for these weights or for each drawn network; null to keep those of the
    /// model.
    /// </param>
    /// <returns>Loss and accuracy. The same latent weights and seed of the binarizer give the same result.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> or <paramref name="data"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Data and model do not fit, or <paramref name="weights"/> do not fit the options.
    /// </exception>
    public EvaluationResult Evaluate(IModel model, Dataset data, EvaluationWeights weights, Dataset? train = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        DataCheck.Fits(model, data, nameof(data));
        if (train is not null)
        {
            DataCheck.Fits(model, train, nameof(train));
            BatchSizeCheck.Run(model, _options);
            BatchSizeCheck.Run(model, train);
        }

        TrainerOptions options = _options with { EvaluationWeights = weights };
        options.Validate();
        DataCheck.ForEvaluation(model, data, nameof(data), options);
        var before = new ModelCopy(model, withEffective: true);
        before.Keep();
        long[] draws = [.. model.Draws];
        EvaluationResult result;
        try
        {
            result = new Evaluator(model, options.Loss, data, new EvaluationForm(model, options, train)).Run();
        }
        catch
        {
            TryRestore(model, before, draws);
            throw;
        }

        Restore(model, before, draws);
        return result;
    }

    // A user's layer may draw in any pass, and a binarizer of its own even at test time.
    private static void Restore(IModel model, ModelCopy copy, long[] draws)
    {
        copy.Restore();
        if (draws.Length > 0) model.Draws = draws;
    }

    // An exception here must not replace the earlier one.
    private static void TryRestore(IModel model, ModelCopy copy, long[] draws)
    {
        try
        {
            Restore(model, copy, draws);
        }
        catch (Exception)
        {
        }
    }

    // Checked before the sampler allocates memory.
    private BatchSampler Sampler(IModel model, Dataset train)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(train);
        BatchSizeCheck.Run(model, _options);
        return new BatchSampler(train, _options.BatchSize, _options.Seed, _options.PartialBatch);
    }

    private TrainingReport Run(
        IModel model,
        BatchSampler sampler,
        Dataset? evaluation,
        bool resumes,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(sampler);
        DataCheck.Run(model, sampler, evaluation, _options);
        var state = new RunState(model, sampler, evaluation, _options, TotalSteps(sampler));
        if (!resumes) state.CheckBatchesLast(sampler.Position, done: 0);
        if (_options.CheckpointPath is not null) Checkpoint.Check(model, _options.CheckpointPath);
        using var claim = new RunClaim(model, sampler, _options);
        var run = new TrainingRun(state, _logger);
        if (resumes) run.GoToCheckpoint();
        else run.GoToStart();
        return run.Run(progress, cancellationToken);
    }

    private int TotalSteps(BatchSampler sampler)
    {
        int? epochs = _options.MaxEpochs ?? (_options.MaxSteps is null ? 1 : null);
        long steps = epochs is int count ? sampler.BatchesIn(count) : int.MaxValue;
        return (int)Math.Min(steps, _options.MaxSteps ?? int.MaxValue);
    }
}

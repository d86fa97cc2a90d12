using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Training.Checkpoints;
using BinaryConnect.Training.Evaluation;
using BinaryConnect.Training.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BinaryConnect.Training;

/// <summary>Trains a model on a data set: batches, schedule, evaluations, and a report of it all. One run at a time.</summary>
/// <remarks>
/// A run of <c>Fit</c> starts from its seeds: the schedule is reset, and binarizer and model draw as if they
/// never had. It goes on with the values of the model, with what the optimizer remembers of it
/// (<see cref="Optimizers.IOptimizer.Reset"/>), and from where a sampler of the caller's stands. So the same options,
/// data and a model of the same values give the same run.
/// <para>
/// However a run ends, it leaves the model usable: with the weights and statistics of the best evaluation where
/// <see cref="TrainerOptions.KeepBest"/> asks for them and there was one, else with those after the last good step. The
/// model then propagates what evaluations use; with <see cref="EvaluationWeights.LastStep"/>, what the last step
/// binarized, even if that step failed. What throws before the first step is thrown as it is, and the model is not
/// changed. What throws later comes as a <see cref="TrainingStoppedException"/>, with the report up to there.
/// </para>
/// </remarks>
public sealed class Trainer
{
    private readonly TrainerOptions _options;
    private readonly ILogger _logger;

    /// <summary>Makes a trainer.</summary>
    /// <param name="options">How it trains.</param>
    /// <param name="logger">
    /// Takes the start, evaluations, changes of rate, checkpoints and end of runs; null for no log. A container that
    /// has <paramref name="options"/> and logging gives one by itself.
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

    /// <summary>Trains on shuffled batches. A checkpoint of an earlier run is replaced by this one's first; see <c>Resume</c>.</summary>
    /// <param name="model">What is trained; it ends with the weights that were evaluated last, or best (<see cref="TrainerOptions.KeepBest"/>).</param>
    /// <param name="train">The examples to learn from.</param>
    /// <param name="evaluation">The examples to evaluate on; null for no evaluation.</param>
    /// <param name="progress">Told after every step, on this thread unless it is a <see cref="Progress{T}"/>; null for nobody.</param>
    /// <param name="cancellationToken">Stops the run between two steps; the report says so.</param>
    /// <returns>Each step and evaluation, and why the run ended.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> or <paramref name="train"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Data or batch size and model do not fit, model or optimizer hold values that no run can go on from, the schedule
    /// gives no first rate, there is nothing to evaluate on though the options ask for it, or no checkpoint can be
    /// made.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// Schedule, binarizer or model have a state that no checkpoint can give back, or another run that goes on uses the
    /// model, or the optimizer, schedule or binarizer of the options.
    /// </exception>
    /// <exception cref="TrainingDivergedException">The training diverged.</exception>
    /// <exception cref="TrainingStoppedException">
    /// In the run, progress handler, logger, the file of a checkpoint, or binarizer, loss, optimizer, schedule or model
    /// failed; <see cref="TrainingStoppedException.Cause"/> says which.
    /// </exception>
    public TrainingReport Fit(
        IModel model,
        Dataset train,
        Dataset? evaluation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Fit(model, Sampler(model, train), evaluation, progress, cancellationToken);

    /// <summary>Trains on the batches of a sampler, such as one that replays an order.</summary>
    /// <inheritdoc cref="Fit(IModel, Dataset, Dataset?, IProgress{TrainingProgress}?, CancellationToken)"/>
    /// <param name="model">What is trained; it ends with the weights that were evaluated last, or best (<see cref="TrainerOptions.KeepBest"/>).</param>
    /// <param name="sampler">Gives the batches, from where it stands; its batch size must be that of the options.</param>
    /// <param name="evaluation">The examples to evaluate on; null for no evaluation.</param>
    /// <param name="progress">Told after every step, on this thread unless it is a <see cref="Progress{T}"/>; null for nobody.</param>
    /// <param name="cancellationToken">Stops the run between two steps; the report says so.</param>
    public TrainingReport Fit(
        IModel model,
        BatchSampler sampler,
        Dataset? evaluation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        return Run(model, sampler, evaluation, resumes: false, progress, cancellationToken);
    }

    /// <summary>
    /// Goes on from the checkpoint of a run of <c>Fit</c>, to the same bits as if it had never stopped: weights, statistics and
    /// the whole report but for the time. More steps may be asked for than before. Options, data and model must otherwise be like
    /// those of the run that wrote it; what the model, optimizer, schedule and binarizer hold is replaced. The bits
    /// are the same on one instruction set and one choice of kernels, with one version of this library and of .NET.
    /// The file and the log name the first two; where they differ, a warning is logged and the run goes on.
    /// </summary>
    /// <param name="model">What is trained: one made as it was for <c>Fit</c>, or that very one.</param>
    /// <param name="train">The examples to learn from.</param>
    /// <param name="evaluation">The examples to evaluate on; null for no evaluation.</param>
    /// <param name="progress">Told after every step that is taken from here on; null for nobody.</param>
    /// <param name="cancellationToken">Stops the run between two steps; the report says so.</param>
    /// <returns>Each step and evaluation, those before the checkpoint included, and why the run ended.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> or <paramref name="train"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Data or batch size and model do not fit each other, or options, data or model are not like those of the
    /// checkpoint; the message has a line for each difference. Nothing was changed.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="TrainerOptions.CheckpointPath"/> is null, or another run uses the same objects.
    /// </exception>
    /// <exception cref="InvalidDataException">The file is no checkpoint, or damaged. Nothing was changed.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="TrainingDivergedException">The training diverged.</exception>
    /// <exception cref="TrainingStoppedException">
    /// In the run, progress handler, logger, the file of a checkpoint, or binarizer, loss, optimizer, schedule or model
    /// failed; <see cref="TrainingStoppedException.Cause"/> says which.
    /// </exception>
    public TrainingReport Resume(
        IModel model,
        Dataset train,
        Dataset? evaluation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        return Resume(model, Sampler(model, train), evaluation, progress, cancellationToken);
    }

    /// <summary>Goes on from the checkpoint of a run on the batches of a sampler.</summary>
    /// <inheritdoc cref="Resume(IModel, Dataset, Dataset?, IProgress{TrainingProgress}?, CancellationToken)"/>
    /// <param name="model">What is trained: one made as it was for <c>Fit</c>, or that very one.</param>
    /// <param name="sampler">One made as it was for <c>Fit</c>; it is set to where the checkpoint was written.</param>
    /// <param name="evaluation">The examples to evaluate on; null for no evaluation.</param>
    /// <param name="progress">Told after every step that is taken from here on; null for nobody.</param>
    /// <param name="cancellationToken">Stops the run between two steps; the report says so.</param>
    public TrainingReport Resume(
        IModel model,
        BatchSampler sampler,
        Dataset? evaluation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (_options.CheckpointPath is null) throw new InvalidOperationException("'CheckpointPath' is null; to resume a run it must name the file of its checkpoint.");
        return Run(model, sampler, evaluation, resumes: true, progress, cancellationToken);
    }

    /// <summary>
    /// Measures a model, as it stands, with the loss of the options. The model is not changed: as many threads may do
    /// so at the same time as may call its <see cref="IModel.Infer"/>.
    /// </summary>
    /// <param name="model">What is measured, with the values it propagates now.</param>
    /// <param name="data">On what.</param>
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
    /// Measures a model in one of the paper's ways (section 2.6), with binarizer, loss and samples of the options. The
    /// model is left as it was, but changed meanwhile: nobody else may use it.
    /// </summary>
    /// <param name="model">What is measured.</param>
    /// <param name="data">On what.</param>
    /// <param name="weights">With which weights; <see cref="EvaluationWeights.LastStep"/> are the values that the model propagates now.</param>
    /// <param name="train">
    /// The examples that statistics are recomputed over for these weights, or for each network that is drawn; null for those of the
    /// model as they are.
    /// </param>
    /// <returns>Loss and accuracy. The same latent weights and seed of the binarizer give the same.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> or <paramref name="data"/> is null.</exception>
    /// <exception cref="ArgumentException">Data and model do not fit, or <paramref name="weights"/> do not fit the options.</exception>
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
        EvaluationResult result;
        try
        {
            result = new Evaluator(model, options.Loss, data, new EvaluationForm(model, options, train)).Run();
        }
        catch
        {
            TryRestore(before);
            throw;
        }

        before.Restore();
        return result;
    }

    // What fails here must not take the place of what failed before.
    private static void TryRestore(ModelCopy copy)
    {
        try
        {
            copy.Restore();
        }
        catch (Exception)
        {
        }
    }

    // What does not fit is refused before the sampler takes memory for it.
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

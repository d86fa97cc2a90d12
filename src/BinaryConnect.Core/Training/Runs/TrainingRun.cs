using System.Diagnostics;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Training.Checkpoints;
using BinaryConnect.Training.Evaluation;
using BinaryConnect.Training.Steps;
using Microsoft.Extensions.Logging;

namespace BinaryConnect.Training.Runs;

/// <summary>One run of a <see cref="Trainer"/>, from its first step or from a checkpoint to its end.</summary>
internal sealed class TrainingRun
{
    private readonly RunState _state;
    private readonly TrainerOptions _options;
    private readonly TrainingReport _report;
    private readonly ILogger _ownLogger;
    private readonly RunLogger _logger;
    private readonly StepSnapshot _snapshot;
    private readonly RunEnding _ending;
    private readonly Evaluator? _evaluator;
    private readonly Checkpoint? _checkpoint;
    private readonly Stopwatch _watch = new();
    private TrainingStep _step = null!;
    private IProgress<TrainingProgress>? _progress;
    private bool _isResumed;
    private TimeSpan _elapsedBefore;
    private float? _firstRate;

    public TrainingRun(RunState state, ILogger logger)
    {
        _state = state;
        _options = state.Options;
        _report = state.Report;
        _ownLogger = logger;
        _logger = new RunLogger(logger);

        // Constructed first: it refuses objects that the others cannot use.
        _checkpoint = _options.CheckpointPath is null ? null : new Checkpoint(state, _options.CheckpointPath);
        var form = new EvaluationForm(state.Model, _options, _options.RecomputeStatistics ? state.Sampler.Dataset : null);
        _evaluator = state.Evaluation is null ? null : new Evaluator(state.Model, _options.Loss, state.Evaluation, form);
        _snapshot = new StepSnapshot(state.Model, _options.Binarizer);
        _ending = new RunEnding(state, form, _snapshot);
    }

    /// <summary>Restores the state of the checkpoint instead of the start.</summary>
    public void GoToCheckpoint()
    {
        _checkpoint?.Read();
        _step = new TrainingStep(_state.Model, _options) { StepsTaken = _report.Steps.Count };
        _elapsedBefore = _report.Elapsed;
        _isResumed = true;
    }

    /// <summary>Goes to the start: resets the schedule, and the draws of binarizer and model.</summary>
    /// <exception cref="ArgumentException">
    /// Model, optimizer or schedule cannot begin a run; nothing was changed.
    /// </exception>
    public void GoToStart()
    {
        _step = new TrainingStep(_state.Model, _options);
        ResetSchedule();
        _options.Binarizer.Draws = 0;
        int counts = _state.Model.Draws.Count;
        if (counts > 0) _state.Model.Draws = new long[counts];
    }

    /// <summary>Trains to the end, and leaves the model with the weights of the last or the best evaluation.</summary>
    /// <exception cref="TrainingStoppedException">The training diverged, or a component threw.</exception>
    public TrainingReport Run(IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        _progress = progress;
        _watch.Start();
        try
        {
            if (_isResumed) Log.Resumed(_logger, _report.Steps.Count, _options.CheckpointPath, CpuTuning.Kernels);
            else Log.Started(_logger, _state.TotalSteps, _options.BatchSize, _state.Sampler.Dataset.Count, CpuTuning.Kernels);
            _checkpoint?.LogWarnings(_logger);
            StopReason reason = Train(cancellationToken);
            if (_ending.Finish() is string fault) throw Diverged(fault);
            NoteElapsed();
            _report.StopReason = reason;
            Log.Ended(_logger, _report.Steps.Count, reason);
            return _report;
        }
        catch (TrainingDivergedException fault) when (fault.Report is null)
        {
            Stop(fault);
            throw;
        }
        catch (Exception fault)
        {
            TrainingStoppedException stopped = Stopped(fault);
            Stop(stopped);
            throw stopped;
        }
    }

    private TrainingStoppedException Stopped(Exception fault)
    {
        var known = fault as RunFaultException;
        Exception inner = known?.InnerException ?? fault;
        TrainingFault cause = known?.Cause ?? TrainingFault.Component;
        string what = cause switch
        {
            TrainingFault.ProgressHandler => "the progress handler failed",
            TrainingFault.Logger => "the logger failed",
            TrainingFault.File => $"the checkpoint '{_options.CheckpointPath}' could not be written",
            _ => "a component failed",
        };
        return new TrainingStoppedException(
            $"Training stopped after step {_report.Steps.Count:N0}: {what} ({inner.GetType().Name}: {inner.Message}).",
            cause,
            inner);
    }

    // An exception in here must not replace the one that stopped the run.
    private void Stop(TrainingStoppedException stopped)
    {
        _report.StopReason = stopped.Cause == TrainingFault.Divergence ? StopReason.Diverged : StopReason.Failed;
        stopped.Report = _report;
        try
        {
            _ending.Finish();
            stopped.ModelHolds = _ending.ModelHolds;
        }
        catch (Exception second)
        {
            stopped.ModelHolds = $"The model could not be put into its last form ({second.GetType().Name}: {second.Message}).";
        }

        NoteElapsed();
        try
        {
            if (stopped is TrainingDivergedException fault) Log.Diverged(_ownLogger, fault, fault.Step, fault.LearningRate);
            else Log.Stopped(_ownLogger, stopped, _report.Steps.Count, stopped.Cause);
        }
        catch (Exception)
        {
            // The caller gets the exception that could not be logged.
        }
    }

    // A schedule gives its first rate only after a reset. If the rate is invalid, the old state is restored.
    private void ResetSchedule()
    {
        IReadOnlyList<double> before = [.. _options.Schedule.State ?? []];
        _options.Schedule.Reset();
        float rate = _options.Schedule.RateAt(0);
        if (IsRate(rate))
        {
            _firstRate = rate;
            return;
        }

        _options.Schedule.State = before;
        throw new ArgumentException(
            $"'Schedule' gives {rate} for the first step; a rate must be zero or positive, and finite.");
    }

    private StopReason Train(CancellationToken cancellationToken)
    {
        for (int done = _report.Steps.Count + 1; done <= _state.TotalSteps; done++)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                WriteCheckpoint();
                return StopReason.Cancelled;
            }

            if (TakeStep(done) is StopReason reason) return reason;

            // A longer run, which may continue from this checkpoint, would not have the extra evaluation at the end.
            bool isLikeInLongerRun = done < _state.TotalSteps || _evaluator is null || done % _options.EvaluateEverySteps == 0;
            if (done % _options.CheckpointEverySteps == 0 && isLikeInLongerRun) WriteCheckpoint();
        }

        return StopReason.Completed;
    }

    // Takes a step, and evaluates if that is due; returns the reason to stop, if there is one.
    private StopReason? TakeStep(int done)
    {
        float rate = _firstRate ?? RateAt(done);
        _firstRate = null;
        StepResult result = _step.Run(_state.Model.AcceptsBytes ? _state.Sampler.NextRaw() : _state.Sampler.Next(), rate);
        _report.Add(result);

        bool isDue = done % _options.EvaluateEverySteps == 0, isLast = done == _state.TotalSteps;
        if (_evaluator is null || !(isDue || isLast))
        {
            Tell(new TrainingProgress(done, _state.TotalSteps, result, null, null, _report.View));
            return null;
        }

        EvaluationResult measured = Evaluate(_evaluator, done, rate);
        bool scheduleStops = isDue && _options.Schedule.Observe(measured.Loss);
        RateChange? change = NoteRateChange(done, rate);
        Tell(new TrainingProgress(done, _state.TotalSteps, result, measured, change, _report.View));
        if (scheduleStops) return StopReason.ScheduleStopped;
        return _report.EvaluationsSinceBest >= _options.EarlyStopPatience ? StopReason.EarlyStopped : null;
    }

    private EvaluationResult Evaluate(Evaluator evaluator, int done, float rate)
    {
        _snapshot.Keep();
        EvaluationResult measured = evaluator.Run(done, rate);
        if (_snapshot.Fault() is string fault) throw Diverged(fault);
        if (!double.IsFinite(measured.Loss)) throw Diverged($"the evaluated loss is {measured.Loss}");
        _snapshot.Release();
        if (_report.Add(measured)) _state.Best?.Keep();
        Log.Evaluated(_logger, done, measured.Loss, measured.Accuracy, rate);
        return measured;
    }

    private RateChange? NoteRateChange(int done, float rate)
    {
        float now = RateAt(done);
        if (now == rate) return null;
        var change = new RateChange(done, rate, now);
        _report.Add(change);
        Log.RateChanged(_logger, done, rate, now);
        return change;
    }

    private void WriteCheckpoint()
    {
        if (_checkpoint is null) return;
        NoteElapsed();
        try
        {
            _checkpoint.Write();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RunFaultException(TrainingFault.File, fault);
        }

        Log.CheckpointWritten(_logger, _report.Steps.Count, _options.CheckpointPath);
    }

    private void Tell(in TrainingProgress progress)
    {
        try
        {
            _progress?.Report(progress);
        }
        catch (Exception fault)
        {
            throw new RunFaultException(TrainingFault.ProgressHandler, fault);
        }
    }

    private float RateAt(int step)
    {
        float rate = _options.Schedule.RateAt(step - 1);
        return IsRate(rate)
            ? rate
            : throw new InvalidOperationException(
                $"'Schedule' gives {rate} for step {step:N0}; a rate must be zero or positive, and finite.");
    }

    private static bool IsRate(float rate) => rate >= 0 && float.IsFinite(rate);

    // The step after the last good one diverged.
    private TrainingDivergedException Diverged(string what) =>
        new(_report.Steps.Count + 1, _report.Steps.Count == 0 ? 0 : _report.Steps[^1].LearningRate, what);

    private void NoteElapsed() => _report.Elapsed = _elapsedBefore + _watch.Elapsed;
}

using System.Diagnostics;
using BinaryConnect.Kernels;
using Microsoft.Extensions.Logging;

namespace BinaryConnect.Training;

/// <summary>One run of a <see cref="Trainer"/>, from its first step or from a checkpoint to its end.</summary>
internal sealed class TrainingRun
{
    private readonly RunState _state;
    private readonly TrainerOptions _options;
    private readonly TrainingReport _report;
    private readonly ILogger _logger;
    private readonly EvaluationForm _form;
    private readonly Evaluator? _evaluator;
    private readonly Checkpoint? _checkpoint;
    private readonly Stopwatch _watch = new();
    private TrainingStep _step = null!;
    private TimeSpan _elapsedBefore;
    private float? _firstRate;

    public TrainingRun(RunState state, ILogger logger)
    {
        _state = state;
        _options = state.Options;
        _report = state.Report;
        _logger = logger;
        _form = new EvaluationForm(state.Model, _options, _options.RecomputeStatistics ? state.Sampler.Dataset : null);
        _evaluator = state.Evaluation is null ? null : new Evaluator(state.Model, _options.Loss, state.Evaluation, _form);
        _checkpoint = _options.CheckpointPath is null ? null : new Checkpoint(state, _options.CheckpointPath, logger);
    }

    /// <summary>Goes to where the checkpoint was written instead of the start.</summary>
    public void GoToCheckpoint()
    {
        _checkpoint?.Read();
        _step = new TrainingStep(_state.Model, _options) { StepsTaken = _report.Steps.Count };
        _elapsedBefore = _report.Elapsed;
        Log.Resumed(_logger, _report.Steps.Count, _options.CheckpointPath, Processor.Kernels);
    }

    /// <summary>Goes to the start.</summary>
    /// <exception cref="ArgumentException">Model, optimizer or schedule cannot begin a run; nothing was changed.</exception>
    public void GoToStart()
    {
        _step = new TrainingStep(_state.Model, _options);
        ResetSchedule();
        Log.Started(_logger, _state.TotalSteps, _options.BatchSize, _state.Sampler.Dataset.Count, Processor.Kernels);
    }

    /// <summary>Trains to the end, and leaves the model with the weights of the last evaluation or the best.</summary>
    public TrainingReport Run(IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        _watch.Start();
        try
        {
            _report.StopReason = Train(progress, cancellationToken);
            Finish();
        }
        catch (TrainingDivergedException fault)
        {
            _report.StopReason = StopReason.Diverged;
            fault.Report = _report;
            Log.Diverged(_logger, fault, fault.Step, fault.LearningRate);
            throw;
        }
        finally
        {
            NoteElapsed();
        }

        Log.Ended(_logger, _report.Steps.Count, _report.StopReason);
        return _report;
    }

    // Only a schedule that was reset gives its first rate, so that one that gives none goes back to where it was.
    private void ResetSchedule()
    {
        double[] before = [.. _options.Schedule.State];
        _options.Schedule.Reset();
        float rate = _options.Schedule.RateAt(0);
        if (rate >= 0 && float.IsFinite(rate))
        {
            _firstRate = rate;
            return;
        }

        _options.Schedule.State = before;
        throw new ArgumentException($"'Schedule' gives {rate} for the first step; a rate must be zero or positive, and finite.");
    }

    private StopReason Train(IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        for (int done = _report.Steps.Count + 1; done <= _state.TotalSteps; done++)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                WriteCheckpoint();
                return StopReason.Cancelled;
            }

            if (TakeStep(done, progress) is StopReason reason) return reason;

            // An evaluation that only the end brought about is no part of a longer run, which may go on from a checkpoint.
            bool isLikeInLongerRun = done < _state.TotalSteps || _evaluator is null || done % _options.EvaluateEverySteps == 0;
            if (done % _options.CheckpointEverySteps == 0 && isLikeInLongerRun) WriteCheckpoint();
        }

        return StopReason.Completed;
    }

    // Takes a step and evaluates where that is due; gives the reason to stop, if there is one.
    private StopReason? TakeStep(int done, IProgress<TrainingProgress>? progress)
    {
        float rate = _firstRate ?? _options.Schedule.RateAt(done - 1);
        _firstRate = null;
        StepResult result = _step.Run(_state.Model.TakesBytes ? _state.Sampler.NextStored() : _state.Sampler.Next(), rate);
        _report.Add(result);

        bool isDue = done % _options.EvaluateEverySteps == 0, isLast = done == _state.TotalSteps;
        if (_evaluator is null || !(isDue || isLast))
        {
            progress?.Report(new TrainingProgress(done, _state.TotalSteps, result, null, null, _report.View));
            return null;
        }

        EvaluationResult measured = Evaluate(_evaluator, done, rate);
        bool scheduleStops = isDue && _options.Schedule.Observe(measured.Loss);
        RateChange? change = NoteRateChange(done, rate);
        progress?.Report(new TrainingProgress(done, _state.TotalSteps, result, measured, change, _report.View));
        if (scheduleStops) return StopReason.ScheduleStopped;
        return _report.EvaluationsSinceBest >= _options.EarlyStopPatience ? StopReason.EarlyStopped : null;
    }

    private EvaluationResult Evaluate(Evaluator evaluator, int done, float rate)
    {
        EvaluationResult measured = evaluator.Run(done, rate);
        if (!double.IsFinite(measured.Loss)) throw new TrainingDivergedException(done + 1, rate, $"the evaluated loss is {measured.Loss}");
        if (_report.Add(measured)) _state.Best?.Keep();
        Log.Evaluated(_logger, done, measured.Loss, measured.Accuracy, rate);
        return measured;
    }

    private RateChange? NoteRateChange(int done, float rate)
    {
        float now = _options.Schedule.RateAt(done - 1);
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
        _checkpoint.Write();
        Log.CheckpointWritten(_logger, _report.Steps.Count, _options.CheckpointPath);
    }

    private void Finish()
    {
        bool isBest = _state.Best?.Restore() == true;
        _form.UseWeights();
        if (isBest) return;
        bool wasEvaluatedLast = _report.FinalEvaluation is not null && _report.FinalEvaluation.Step == _report.Steps.Count;
        if (!wasEvaluatedLast) _form.UpdateStatistics();
    }

    private void NoteElapsed() => _report.Elapsed = _elapsedBefore + _watch.Elapsed;
}

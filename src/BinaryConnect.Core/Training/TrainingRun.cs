using System.Diagnostics;
using BinaryConnect.Data;
using BinaryConnect.Models;
using Microsoft.Extensions.Logging;

namespace BinaryConnect.Training;

/// <summary>One run of a <see cref="Trainer"/>: what it works with, how far it has come, and its loop.</summary>
internal sealed class TrainingRun
{
    private readonly IModel _model;
    private readonly BatchSampler _sampler;
    private readonly TrainerOptions _options;
    private readonly int _totalSteps;
    private readonly ILogger _logger;
    private readonly TrainingReport _report;
    private readonly TrainingStep _step;
    private readonly EvaluationForm _form;
    private readonly Evaluator? _evaluator;
    private readonly ModelCopy? _best;
    private int _evaluationsSinceBest;

    public TrainingRun(IModel model, BatchSampler sampler, Dataset? evaluation, TrainerOptions options, int totalSteps, ILogger logger)
    {
        _model = model;
        _sampler = sampler;
        _options = options;
        _totalSteps = totalSteps;
        _logger = logger;
        _report = new TrainingReport(options.Seed, options.EvaluationWeights, totalSteps);
        _step = new TrainingStep(model, options);
        _form = new EvaluationForm(model, options, options.RecomputeStatistics ? sampler.Dataset : null);
        _evaluator = evaluation is null ? null : new Evaluator(model, options.Loss, evaluation, _form);
        _best = options.KeepBest ? new ModelCopy(model) : null;
    }

    /// <summary>Trains to the end, and leaves the model with the weights of the last evaluation or the best.</summary>
    public TrainingReport Run(IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var started = Stopwatch.StartNew();
        Log.Started(_logger, _totalSteps, _options.BatchSize, _sampler.Dataset.Count);
        try
        {
            _options.Schedule.Reset();
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
            _report.Elapsed = started.Elapsed;
        }

        Log.Ended(_logger, _report.Steps.Count, _report.StopReason);
        return _report;
    }

    private StopReason Train(IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        for (int done = 1; done <= _totalSteps; done++)
        {
            if (cancellationToken.IsCancellationRequested) return StopReason.Cancelled;
            float rate = _options.Schedule.RateAt(done - 1);
            StepResult result = _step.Run(_model.TakesBytes ? _sampler.NextStored() : _sampler.Next(), rate);
            _report.Add(result);

            bool isDue = done % _options.EvaluateEverySteps == 0, isLast = done == _totalSteps;
            if (_evaluator is null || !(isDue || isLast))
            {
                progress?.Report(new TrainingProgress(done, _totalSteps, result, null, null));
                continue;
            }

            EvaluationResult measured = Evaluate(_evaluator, done, rate);
            bool scheduleStops = isDue && _options.Schedule.Observe(measured.Loss);
            RateChange? change = NoteRateChange(done, rate);
            progress?.Report(new TrainingProgress(done, _totalSteps, result, measured, change));
            if (scheduleStops) return StopReason.ScheduleStopped;
            if (_evaluationsSinceBest >= _options.EarlyStopPatience) return StopReason.EarlyStopped;
        }

        return StopReason.Completed;
    }

    private EvaluationResult Evaluate(Evaluator evaluator, int done, float rate)
    {
        EvaluationResult measured = evaluator.Run(done, rate);
        if (!double.IsFinite(measured.Loss)) throw new TrainingDivergedException(done + 1, rate, $"the evaluated loss is {measured.Loss}");
        bool isBetter = _report.Add(measured);
        if (isBetter) _best?.Keep();
        _evaluationsSinceBest = isBetter ? 0 : _evaluationsSinceBest + 1;
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

    private void Finish()
    {
        if (_best?.Restore() == true) return;
        _form.UseWeights();
        bool wasEvaluatedLast = _report.FinalEvaluation is not null && _report.FinalEvaluation.Step == _report.Steps.Count;
        if (!wasEvaluatedLast) _form.UpdateStatistics();
    }
}

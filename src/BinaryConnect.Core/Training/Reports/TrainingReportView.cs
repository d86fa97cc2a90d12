namespace BinaryConnect.Training.Reports;

/// <summary>
/// What a run had done at one step: each step and evaluation up to there. It never changes, though the run goes on, and
/// any number of threads may read it.
/// </summary>
public readonly record struct TrainingReportView
{
    /// <summary>The seed of the order of the examples.</summary>
    public int Seed { get; internal init; }

    /// <summary>Which weights the evaluations used.</summary>
    public EvaluationWeights EvaluationWeights { get; internal init; }

    /// <summary>Each step, in order.</summary>
    public ReportList<StepResult> Steps { get; internal init; }

    /// <summary>Each evaluation, in order.</summary>
    public ReportList<EvaluationResult> Evaluations { get; internal init; }

    /// <summary>Each change of the learning rate that an evaluation brought about, in order.</summary>
    public ReportList<RateChange> RateChanges { get; internal init; }

    /// <summary>The last evaluation; null where there was none.</summary>
    public EvaluationResult? FinalEvaluation => Evaluations.Count == 0 ? null : Evaluations[^1];

    /// <summary>The evaluation with the highest accuracy, the first of equals; null where there was none.</summary>
    public EvaluationResult? BestEvaluation { get; internal init; }

    /// <summary><see cref="StopReason.Running"/> while the run goes on.</summary>
    public StopReason StopReason { get; internal init; }
}

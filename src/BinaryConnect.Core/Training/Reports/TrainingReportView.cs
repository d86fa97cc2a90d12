namespace BinaryConnect.Training.Reports;

/// <summary>
/// The report of a run at one step: each step and evaluation so far. It never changes, even while the run continues,
/// and any number of threads may read it.
/// </summary>
public readonly record struct TrainingReportView
{
    /// <summary>The seed of the order of the examples.</summary>
    public int Seed { get; internal init; }

    /// <summary>The weights of the evaluations.</summary>
    public EvaluationWeights EvaluationWeights { get; internal init; }

    /// <summary>Each step, in order.</summary>
    public ReportList<StepResult> Steps { get; internal init; }

    /// <summary>Each evaluation, in order.</summary>
    public ReportList<EvaluationResult> Evaluations { get; internal init; }

    /// <summary>Each change of the learning rate by an evaluation, in order.</summary>
    public ReportList<RateChange> RateChanges { get; internal init; }

    /// <summary>The last evaluation; null if there was none.</summary>
    public EvaluationResult? FinalEvaluation => Evaluations.Count == 0 ? null : Evaluations[^1];

    /// <summary>
    /// The best evaluation by <see cref="TrainerOptions.Metric"/>, the first of equals; null if there was none. Another
    /// takes its place only if it is better by more than <see cref="TrainerOptions.LeastGain"/>.
    /// </summary>
    public EvaluationResult? BestEvaluation { get; internal init; }

    /// <summary>The reason why the run ended; <see cref="StopReason.Running"/> while it continues.</summary>
    public StopReason StopReason { get; internal init; }
}

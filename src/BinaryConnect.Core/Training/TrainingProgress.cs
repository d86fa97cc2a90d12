using BinaryConnect.Training.Reports;

namespace BinaryConnect.Training;

/// <summary>The progress of a run, reported after every step.</summary>
/// <param name="Step">The number of steps so far.</param>
/// <param name="TotalSteps">The number of steps of the run, unless it stops early.</param>
/// <param name="Result">The result of the step.</param>
/// <param name="Evaluation">The evaluation after this step; null if there was none.</param>
/// <param name="RateChange">The change of rate by the evaluation; null if there was none.</param>
/// <param name="Report">
/// The run so far, including this step and its evaluation. It does not change while the run continues, and any thread
/// may read it.
/// </param>
public readonly record struct TrainingProgress(
    int Step, int TotalSteps, StepResult Result, EvaluationResult? Evaluation, RateChange? RateChange, TrainingReportView Report);

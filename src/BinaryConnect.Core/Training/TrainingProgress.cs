using BinaryConnect.Training.Reports;

namespace BinaryConnect.Training;

/// <summary>Where a run is, reported after every step.</summary>
/// <param name="Step">How many steps were taken.</param>
/// <param name="TotalSteps">How many there will be, unless the run stops early.</param>
/// <param name="Result">What the step did.</param>
/// <param name="Evaluation">The evaluation after this step; null where there was none.</param>
/// <param name="RateChange">The change of rate that the evaluation brought about; null where there was none.</param>
/// <param name="Report">
/// The run so far, this step and its evaluation included. It stays as it is while the run goes on, and may be read from
/// any thread.
/// </param>
public readonly record struct TrainingProgress(
    int Step, int TotalSteps, StepResult Result, EvaluationResult? Evaluation, RateChange? RateChange, TrainingReportView Report);

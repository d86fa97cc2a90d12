using BinaryConnect.Training.Evaluation;
using BinaryConnect.Training.Steps;

namespace BinaryConnect.Training.Runs;

/// <summary>
/// Leaves the model as a run should, however the run ends: with the best weights and statistics where they were kept,
/// else with the last ones, in the form that evaluations use.
/// </summary>
/// <param name="state">The run.</param>
/// <param name="form">The form of its evaluations.</param>
/// <param name="snapshot">The statistics and draw counts before an evaluation, while it goes on.</param>
internal sealed class RunEnding(RunState state, EvaluationForm form, StepSnapshot snapshot)
{
    private bool _isBest;

    /// <summary>What the model holds after <see cref="Finish"/>.</summary>
    public string ModelHolds => _isBest
        ? $"The model holds the weights of the best evaluation, after step {state.Report.BestEvaluation!.Step:N0}."
        : LastGoodStep(state.Report.Steps.Count);

    /// <summary>Says that the model holds the weights of a step.</summary>
    public static string LastGoodStep(int step) => $"The model holds the weights of the last good step, {step:N0}.";

    /// <summary>Brings the model into its last form.</summary>
    /// <returns>
    /// Which recomputed statistic is not finite; all are then as training left them. Null where none is.
    /// </returns>
    public string? Finish()
    {
        snapshot.Restore();
        _isBest = state.Best?.Restore() == true;
        form.UseWeights();
        bool wasEvaluatedLast = state.Report.FinalEvaluation?.Step == state.Report.Steps.Count;
        return _isBest || wasEvaluatedLast ? null : UpdateStatistics();
    }

    private string? UpdateStatistics()
    {
        snapshot.Keep();
        try
        {
            form.UpdateStatistics();
            string? fault = snapshot.Fault();
            if (fault is null) snapshot.Release();
            return fault;
        }
        finally
        {
            snapshot.Restore();
        }
    }
}

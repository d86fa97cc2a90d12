using BinaryConnect.Training.Evaluation;
using BinaryConnect.Training.Steps;

namespace BinaryConnect.Training.Runs;

/// <summary>
/// Puts the model into its final form, however the run ends. It has the best weights and statistics if they were kept,
/// otherwise the last ones, in the form of evaluations.
/// </summary>
/// <param name="state">The run.</param>
/// <param name="form">The form of its evaluations.</param>
/// <param name="snapshot">The statistics and draw counts before an evaluation, while it runs.</param>
internal sealed class RunEnding(RunState state, EvaluationForm form, StepSnapshot snapshot)
{
    private bool _isBest;

    /// <summary>A sentence about the weights of the model after <see cref="Finish"/>.</summary>
    public string ModelHolds => _isBest
        ? $"The model holds the weights of the best evaluation, after step {state.Report.BestEvaluation!.Step:N0}."
        : LastGoodStep(state.Report.Steps.Count);

    /// <summary>A sentence that the model holds the weights of a step.</summary>
    public static string LastGoodStep(int step) => $"The model holds the weights of the last good step, {step:N0}.";

    /// <summary>Puts the model into its final form.</summary>
    /// <returns>
    /// The recomputed statistic that is not finite; all statistics then are as training left them. Null if all are
    /// finite.
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

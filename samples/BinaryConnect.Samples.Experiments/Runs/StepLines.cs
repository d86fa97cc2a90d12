using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.Runs;

/// <summary>Says now and then how far a run is.</summary>
/// <param name="lines">Gets the lines; null for none.</param>
/// <param name="what">The run in the lines.</param>
/// <param name="each">Is called after each step; null for no calls.</param>
internal sealed class StepLines(IProgress<string>? lines, string what, Action<TrainingProgress>? each = null)
    : IProgress<TrainingProgress>
{
    private const int StepsBetweenLines = 100;

    public void Report(TrainingProgress value)
    {
        each?.Invoke(value);
        if (value.Step % StepsBetweenLines == 0) lines?.Report($"{what}: step {value.Step:N0} of {value.TotalSteps:N0}");
    }
}

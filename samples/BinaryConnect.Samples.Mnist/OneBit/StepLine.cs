using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.OneBit;

/// <summary>Shows the steps of a training in the progress line.</summary>
internal sealed class StepLine(ProgressLine progress, string name) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (progress.IsDue) progress.Show($"best recipe, {name}: step {value.Step:N0} of {value.TotalSteps:N0}");
    }
}

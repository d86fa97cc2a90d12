using BinaryConnect.Training;

namespace BinaryConnect.CheckpointRuns;

/// <summary>Calls back at each step, on the training thread.</summary>
internal sealed class StepCallback(Action step) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => step();
}

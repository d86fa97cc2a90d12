using BinaryConnect.Training.Runs;

namespace BinaryConnect.Training;

/// <summary>
/// Training diverged: values came up that are NaN, infinite or far beyond what training gives
/// (<see cref="TrainingStep"/>). The model holds the weights of the last good step, or of the best evaluation where
/// <see cref="TrainerOptions.KeepBest"/> asks for it.
/// </summary>
public sealed class TrainingDivergedException : TrainingStoppedException
{
    /// <summary>Says where training diverged.</summary>
    /// <param name="step">The step that failed, from 1.</param>
    /// <param name="learningRate">Its learning rate.</param>
    /// <param name="what">What diverged, such as "the loss is NaN".</param>
    public TrainingDivergedException(int step, float learningRate, string what)
        : base($"Training diverged at step {step:N0}: {what} (learning rate {learningRate}).", TrainingFault.Divergence)
    {
        Step = step;
        LearningRate = learningRate;
        ModelHolds = RunEnding.LastGoodStep(step - 1);
    }

    /// <summary>The step that failed, from 1.</summary>
    public int Step { get; }

    /// <summary>Its learning rate.</summary>
    public float LearningRate { get; }
}

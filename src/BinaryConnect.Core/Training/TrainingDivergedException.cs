using BinaryConnect.Training.Runs;

namespace BinaryConnect.Training;

/// <summary>
/// Training diverged: values became NaN, infinite or far beyond those of training (<see cref="TrainingStep"/>). The
/// model holds the weights of the last good step, or of the best evaluation with <see cref="TrainerOptions.KeepBest"/>.
/// </summary>
public sealed class TrainingDivergedException : TrainingStoppedException
{
    /// <summary>Creates an exception for a step that diverged.</summary>
    /// <param name="step">The step that failed, from 1.</param>
    /// <param name="learningRate">Its learning rate.</param>
    /// <param name="what">The value that diverged, such as "the loss is NaN".</param>
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

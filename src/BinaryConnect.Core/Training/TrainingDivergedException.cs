namespace BinaryConnect.Training;

/// <summary>NaN or infinity came up in training. The model holds the weights of the last good step.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Says where training diverged.</summary>
    /// <param name="step">The step that failed, from 1.</param>
    /// <param name="learningRate">Its learning rate.</param>
    /// <param name="what">What is not finite, such as "the loss is NaN".</param>
    public TrainingDivergedException(int step, float learningRate, string what)
        : base($"Training diverged at step {step:N0}: {what} (learning rate {learningRate}). The model holds the weights of the last good step, {step - 1:N0}.")
    {
        Step = step;
        LearningRate = learningRate;
    }

    /// <summary>The step that failed, from 1.</summary>
    public int Step { get; }

    /// <summary>Its learning rate.</summary>
    public float LearningRate { get; }

    /// <summary>The run up to there; null where a step was taken outside <see cref="Trainer"/>.</summary>
    public TrainingReport? Report { get; internal set; }
}

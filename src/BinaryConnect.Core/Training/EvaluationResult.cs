using BinaryConnect.Training.Metrics;

namespace BinaryConnect.Training;

/// <summary>The result of a model on a data set.</summary>
/// <param name="Step">The number of steps before the evaluation in a run; 0 outside one.</param>
/// <param name="LearningRate">The rate of the last step; 0 outside a run.</param>
/// <param name="Loss">The mean loss.</param>
/// <param name="Accuracy">
/// The share of rows whose largest logit, the first of equals, is that of their label; 0 to 1.
/// </param>
/// <param name="Count">The number of rows.</param>
/// <param name="Weights">
/// The weights of the evaluation; only <see cref="EvaluationWeights.Inference"/> is a one-bit result. Null for a model
/// evaluated as it was.
/// </param>
public sealed record EvaluationResult(
    int Step, float LearningRate, double Loss, double Accuracy, int Count, EvaluationWeights? Weights)
{
    /// <summary>
    /// How many rows of each class were predicted as each class, with precision and recall of each; null where there
    /// are more than <see cref="ConfusionMatrix.MostClasses"/> classes.
    /// </summary>
    public ConfusionMatrix? Confusion { get; init; }
}

namespace BinaryConnect.Training;

/// <summary>How a model does on a data set.</summary>
/// <param name="Step">After how many steps of a run; 0 outside one.</param>
/// <param name="LearningRate">The rate of that step; 0 outside a run.</param>
/// <param name="Loss">The mean loss.</param>
/// <param name="Accuracy">The share of rows whose largest logit, the first of equals, is that of their label; 0 to 1.</param>
/// <param name="Count">The number of rows.</param>
/// <param name="Weights">Which weights were used: <see cref="EvaluationWeights.Inference"/> alone is a one-bit result; null for a model measured as it stood.</param>
public sealed record EvaluationResult(int Step, float LearningRate, double Loss, double Accuracy, int Count, EvaluationWeights? Weights);

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>An epoch of a run. Errors are shares of rows, from 0 to 1.</summary>
/// <param name="Epoch">The number of the epoch, from 1.</param>
/// <param name="Step">The number of steps up to its end.</param>
/// <param name="LearningRate">Its learning rate.</param>
/// <param name="TrainingLoss">The mean loss of its batches, each before its update, with dropout.</param>
/// <param name="ValidationLoss">The loss on the validation set at its end.</param>
/// <param name="ValidationError">The error on the validation set at its end.</param>
/// <param name="BestEpoch">The epoch so far with the least validation error, the first of equals.</param>
/// <param name="TestLoss">The loss on the test set at the end of that best epoch; null if unknown.</param>
/// <param name="TestError">The error on the test set at the end of that best epoch; null if unknown.</param>
/// <param name="Seconds">The time of the epoch with its evaluations; null if unknown.</param>
internal sealed record EpochRow(
    int Epoch,
    int Step,
    float LearningRate,
    double TrainingLoss,
    double ValidationLoss,
    double ValidationError,
    int BestEpoch,
    double? TestLoss,
    double? TestError,
    double? Seconds);

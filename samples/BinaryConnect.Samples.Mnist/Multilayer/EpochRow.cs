namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>An epoch of a run. Errors are shares of rows, from 0 to 1.</summary>
/// <param name="Epoch">Which, from 1.</param>
/// <param name="Step">How many steps were taken by its end.</param>
/// <param name="LearningRate">Its learning rate.</param>
/// <param name="TrainingLoss">The mean of its batches' losses, each before its update, with dropout.</param>
/// <param name="ValidationLoss">The loss on the validation set at its end.</param>
/// <param name="ValidationError">The error on the validation set at its end.</param>
/// <param name="BestEpoch">The epoch so far with the least validation error, the first of equals.</param>
/// <param name="TestLoss">The loss on the test set at the end of that best epoch; null where it is not known.</param>
/// <param name="TestError">The error on the test set at the end of that best epoch; null where it is not known.</param>
/// <param name="Seconds">How long it took, evaluations included; null where that is not known.</param>
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

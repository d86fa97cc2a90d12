namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>An epoch of a run.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="TrainingCost">The mean loss of its batches, each before its update.</param>
/// <param name="ValidationError">The error on the validation set at its end, 0 to 1.</param>
/// <param name="TestError">The test error at the best epoch so far, 0 to 1; null if it was not measured.</param>
internal sealed record EpochPoint(int Epoch, double TrainingCost, double ValidationError, double? TestError = null);

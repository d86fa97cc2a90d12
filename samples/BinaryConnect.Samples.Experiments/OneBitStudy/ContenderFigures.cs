namespace BinaryConnect.Samples.Experiments.OneBitStudy;

/// <summary>The figures of a model.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="FileBytes">The bytes of its file.</param>
/// <param name="TestError">The error on the test set, 0 to 1.</param>
/// <param name="Alone">How fast it predicts one image at a time.</param>
/// <param name="Many">How fast it predicts many images together.</param>
internal sealed record ContenderFigures(string Name, long FileBytes, double TestError, Speed Alone, Speed Many);

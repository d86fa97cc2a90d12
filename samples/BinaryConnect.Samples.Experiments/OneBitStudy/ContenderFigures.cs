namespace BinaryConnect.Samples.Experiments.OneBitStudy;

/// <summary>The figures of a model. Speeds are against the first model.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="FileBytes">The bytes of its file.</param>
/// <param name="TestError">The error on the test set, 0 to 1.</param>
/// <param name="BatchMicroseconds">The median time of an image among many.</param>
/// <param name="BatchSpeed">How many times as fast, for many images together.</param>
/// <param name="AloneMicroseconds">The median time of an image alone.</param>
/// <param name="AloneSpeed">How many times as fast, for one image at a time.</param>
internal sealed record ContenderFigures(
    string Name,
    long FileBytes,
    double TestError,
    double BatchMicroseconds,
    Quartiles BatchSpeed,
    double AloneMicroseconds,
    Quartiles AloneSpeed);

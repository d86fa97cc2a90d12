using Microsoft.Extensions.Logging;

namespace BinaryConnect.Training.Runs;

/// <summary>The log messages of <see cref="Trainer"/>, generated at compile time.</summary>
internal static partial class Log
{
    [LoggerMessage(
        1,
        LogLevel.Information,
        "Training starts: {Steps} steps of {BatchSize} rows, {Rows} rows in the data set; kernels: {Kernels}")]
    public static partial void Started(ILogger logger, int steps, int batchSize, int rows, string kernels);

    [LoggerMessage(2, LogLevel.Information, "Step {Step}: loss {Loss}, accuracy {Accuracy}, learning rate {LearningRate}")]
    public static partial void Evaluated(ILogger logger, int step, double loss, double accuracy, float learningRate);

    [LoggerMessage(3, LogLevel.Information, "Step {Step}: learning rate {From} becomes {To}")]
    public static partial void RateChanged(ILogger logger, int step, float from, float to);

    [LoggerMessage(4, LogLevel.Information, "Training ended after {Steps} steps: {StopReason}")]
    public static partial void Ended(ILogger logger, int steps, StopReason stopReason);

    [LoggerMessage(5, LogLevel.Error, "Training diverged at step {Step}, learning rate {LearningRate}")]
    public static partial void Diverged(ILogger logger, Exception exception, int step, float learningRate);

    [LoggerMessage(6, LogLevel.Information, "Training goes on after {Steps} steps, from checkpoint {Path}; kernels: {Kernels}")]
    public static partial void Resumed(ILogger logger, int steps, string? path, string kernels);

    [LoggerMessage(
        20,
        LogLevel.Warning,
        "Settings of '{Key}' ({Kind}) cannot be compared when the run is resumed; implement IDescribable so that they can")]
    public static partial void SettingsNotCompared(ILogger logger, string key, string kind);

    [LoggerMessage(7, LogLevel.Information, "Step {Step}: checkpoint {Path} written")]
    public static partial void CheckpointWritten(ILogger logger, int step, string? path);

    [LoggerMessage(
        21,
        LogLevel.Warning,
        "The checkpoint was written with kernels '{Saved}', and the run goes on with '{Kernels}': "
        + "its results will differ in their last bits")]
    public static partial void OtherProcessor(ILogger logger, string saved, string kernels);

    [LoggerMessage(8, LogLevel.Error, "Training stopped after {Steps} steps: {Cause}")]
    public static partial void Stopped(ILogger logger, Exception exception, int steps, TrainingFault cause);
}

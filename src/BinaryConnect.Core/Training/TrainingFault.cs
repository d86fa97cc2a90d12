namespace BinaryConnect.Training;

/// <summary>The cause that stopped a run before its end.</summary>
public enum TrainingFault
{
    /// <summary>The training diverged; the exception is a <see cref="TrainingDivergedException"/>.</summary>
    Divergence,

    /// <summary>The progress handler threw.</summary>
    ProgressHandler,

    /// <summary>The logger threw.</summary>
    Logger,

    /// <summary>A checkpoint could not be written; the one before it remains.</summary>
    File,

    /// <summary>Binarizer, loss, optimizer, schedule or model threw, or the schedule gave an invalid rate.</summary>
    Component,
}

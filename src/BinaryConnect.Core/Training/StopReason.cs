namespace BinaryConnect.Training;

/// <summary>The reason why a run ended.</summary>
public enum StopReason
{
    /// <summary>All steps were taken.</summary>
    Completed,

    /// <summary>The learning-rate schedule stopped the run.</summary>
    ScheduleStopped,

    /// <summary>
    /// The evaluated accuracy did not improve in <see cref="TrainerOptions.EarlyStopPatience"/> evaluations in a row.
    /// </summary>
    EarlyStopped,

    /// <summary>The caller cancelled.</summary>
    Cancelled,

    /// <summary>The training diverged; the report comes with a <see cref="TrainingDivergedException"/>.</summary>
    Diverged,

    /// <summary>The run has not ended: progress handlers see this at every step, including the last.</summary>
    Running,

    /// <summary>
    /// The run failed without divergence; the report comes with a <see cref="TrainingStoppedException"/>.
    /// </summary>
    Failed,
}

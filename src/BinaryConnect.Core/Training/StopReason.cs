namespace BinaryConnect.Training;

/// <summary>Why a run ended.</summary>
public enum StopReason
{
    /// <summary>All steps were taken.</summary>
    Completed,

    /// <summary>The learning-rate schedule asked for it.</summary>
    ScheduleStopped,

    /// <summary>The evaluated accuracy did not improve for as long as <see cref="TrainerOptions.EarlyStopPatience"/> allows.</summary>
    EarlyStopped,

    /// <summary>The caller cancelled.</summary>
    Cancelled,

    /// <summary>The training diverged; the report comes with a <see cref="TrainingDivergedException"/>.</summary>
    Diverged,

    /// <summary>The run goes on: what a progress handler is told at every step, the last one included.</summary>
    Running,

    /// <summary>
    /// Another fault than divergence; the report comes with a <see cref="TrainingStoppedException"/>.
    /// </summary>
    Failed,
}

namespace BinaryConnect.Training;

/// <summary>
/// A run stopped before its end. The model is left as <c>Trainer.Fit</c> says, and <see cref="Report"/> has all
/// that the run did.
/// </summary>
public class TrainingStoppedException : Exception
{
    /// <summary>Says what stopped a run.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="cause">What kind of fault it is.</param>
    /// <param name="innerException">The exception that stopped the run; null where there is none.</param>
    public TrainingStoppedException(string message, TrainingFault cause, Exception? innerException = null)
        : base(message, innerException) => Cause = cause;

    /// <summary>What kind of fault it is.</summary>
    public TrainingFault Cause { get; }

    /// <summary>The run up to there; null where it was not a <see cref="Trainer"/> that ran.</summary>
    public TrainingReport? Report { get; internal set; }

    /// <summary>What happened, and what the model holds.</summary>
    public override string Message => ModelHolds is null ? base.Message : $"{base.Message} {ModelHolds}";

    /// <summary>A sentence that says what the model holds.</summary>
    internal string? ModelHolds { get; set; }
}

namespace BinaryConnect.Training;

/// <summary>
/// A run stopped before its end. The model is left as <c>Trainer.Fit</c> describes, and <see cref="Report"/> has the
/// whole run so far.
/// </summary>
public class TrainingStoppedException : Exception
{
    /// <summary>Creates an exception for a run that stopped.</summary>
    /// <param name="message">The event that stopped it.</param>
    /// <param name="cause">The kind of fault.</param>
    /// <param name="innerException">The exception that stopped the run; null if there is none.</param>
    public TrainingStoppedException(string message, TrainingFault cause, Exception? innerException = null)
        : base(message, innerException) => Cause = cause;

    /// <summary>The kind of fault.</summary>
    public TrainingFault Cause { get; }

    /// <summary>The run so far; null outside a run of <see cref="Trainer"/>.</summary>
    public TrainingReport? Report { get; internal set; }

    /// <summary>The event that stopped the run, and the state of the model.</summary>
    public override string Message => ModelHolds is null ? base.Message : $"{base.Message} {ModelHolds}";

    /// <summary>A sentence about the weights of the model.</summary>
    internal string? ModelHolds { get; set; }
}

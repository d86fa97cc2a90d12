namespace BinaryConnect.Training.Runs;

/// <summary>Carries an exception and its cause out of a run's loop; it never leaves the run.</summary>
internal sealed class RunFaultException(TrainingFault cause, Exception fault) : Exception(fault.Message, fault)
{
    /// <summary>The cause of the exception.</summary>
    public TrainingFault Cause { get; } = cause;
}

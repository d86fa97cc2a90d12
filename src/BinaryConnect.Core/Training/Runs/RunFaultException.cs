namespace BinaryConnect.Training.Runs;

/// <summary>Carries an exception, and where it came from, out of a run's loop; it never leaves the run.</summary>
internal sealed class RunFaultException(TrainingFault cause, Exception fault) : Exception(fault.Message, fault)
{
    /// <summary>Where it came from.</summary>
    public TrainingFault Cause { get; } = cause;
}

namespace BinaryConnect.Samples.Mnist;

/// <summary>A run began and what it had could not be written.</summary>
internal sealed class RunFailedException(Exception cause) : Exception(cause.Message, cause)
{
    /// <summary>Writes something of a run that has begun.</summary>
    public static void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException(fault);
        }
    }
}

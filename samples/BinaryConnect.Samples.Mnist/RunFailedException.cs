namespace BinaryConnect.Samples.Mnist;

/// <summary>A run began, and its results could not be written.</summary>
internal sealed class RunFailedException(Exception cause) : Exception(cause.Message, cause)
{
    /// <summary>Writes results of a run that has begun.</summary>
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

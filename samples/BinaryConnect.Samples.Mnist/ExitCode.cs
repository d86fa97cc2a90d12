namespace BinaryConnect.Samples.Mnist;

/// <summary>The exit codes of the process.</summary>
internal static class ExitCode
{
    /// <summary>The run ended.</summary>
    public const int Done = 0;

    /// <summary>The run began and failed.</summary>
    public const int Failed = 1;

    /// <summary>Options or data are wrong. Nothing was trained or written.</summary>
    public const int WrongUsage = 2;

    /// <summary>Ctrl-C ended the run. As in shells, the code is 128 and the number of the signal.</summary>
    public const int Interrupted = 128 + 2;

    /// <summary>SIGTERM ended the run.</summary>
    public const int Terminated = 128 + 15;
}

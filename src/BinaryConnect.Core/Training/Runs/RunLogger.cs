using Microsoft.Extensions.Logging;

namespace BinaryConnect.Training.Runs;

/// <summary>A run's logger, which marks its exceptions, so that they differ from those of the training.</summary>
internal sealed class RunLogger(ILogger logger) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return logger.IsEnabled(logLevel);
        }
        catch (Exception fault)
        {
            throw new RunFaultException(TrainingFault.Logger, fault);
        }
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception fault)
        {
            throw new RunFaultException(TrainingFault.Logger, fault);
        }
    }
}

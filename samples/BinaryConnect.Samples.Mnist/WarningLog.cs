using BinaryConnect.Samples.Mnist.Watching;
using BinaryConnect.Training;
using Microsoft.Extensions.Logging;

namespace BinaryConnect.Samples.Mnist;

/// <summary>Writes warnings of a trainer as lines. Errors come as exceptions, and the table shows the rest.</summary>
internal sealed class WarningLog(RunView view) : ILogger<Trainer>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) view.Say($"Warning: {formatter(state, exception)}");
    }
}

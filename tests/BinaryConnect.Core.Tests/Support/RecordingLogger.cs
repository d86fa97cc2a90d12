using BinaryConnect.Training;
using Microsoft.Extensions.Logging;

namespace BinaryConnect.Tests.Support;

/// <summary>Keeps the messages logged.</summary>
internal sealed class RecordingLogger : ILogger<Trainer>
{
    public List<(LogLevel Level, EventId Id, string Message, Exception? Exception)> Entries { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Add((logLevel, eventId, formatter(state, exception), exception));
}

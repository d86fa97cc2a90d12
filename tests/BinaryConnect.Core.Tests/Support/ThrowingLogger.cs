using BinaryConnect.Training;
using Microsoft.Extensions.Logging;

namespace BinaryConnect.Tests.Support;

/// <summary>A logger that throws at the events a test names.</summary>
internal sealed class ThrowingLogger(Exception fault, params string[] events) : ILogger<Trainer>
{
    /// <summary>The names of the events.</summary>
    public HashSet<string> Events { get; } = [.. events];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name is string name && Events.Contains(name)) throw fault;
    }
}

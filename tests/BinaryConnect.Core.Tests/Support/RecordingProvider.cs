using Microsoft.Extensions.Logging;

namespace BinaryConnect.Tests.Support;

/// <summary>Gives each category a logger of its own that keeps the messages logged.</summary>
internal sealed class RecordingProvider : ILoggerProvider
{
    public Dictionary<string, RecordingLogger> Loggers { get; } = new(StringComparer.Ordinal);

    public ILogger CreateLogger(string categoryName) => Loggers[categoryName] = new RecordingLogger();

    public void Dispose()
    {
    }
}

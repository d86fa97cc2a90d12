using Microsoft.Extensions.Logging;

namespace BinaryConnect.Data;

/// <summary>Log messages of the readers of data, generated at compile time.</summary>
internal static partial class DataLog
{
    [LoggerMessage(101, LogLevel.Warning, "{Path} cannot be read; {Other} is tried instead")]
    public static partial void CopySkipped(ILogger logger, Exception exception, string path, string other);
}

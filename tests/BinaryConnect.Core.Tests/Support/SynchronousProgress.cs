namespace BinaryConnect.Tests.Support;

/// <summary>Calls back at once, on the reporting thread.</summary>
internal sealed class SynchronousProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}

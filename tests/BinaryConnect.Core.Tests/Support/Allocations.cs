namespace BinaryConnect.Tests.Support;

/// <summary>Counts what this thread allocates.</summary>
internal static class Allocations
{
    /// <summary>Bytes allocated by the second of two calls; the first may fill caches.</summary>
    public static long OfSecondCall(Action action)
    {
        action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

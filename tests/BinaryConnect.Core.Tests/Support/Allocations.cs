namespace BinaryConnect.Tests.Support;

/// <summary>Counts what this thread allocates.</summary>
internal static class Allocations
{
    /// <summary>Bytes allocated by the second of two calls; the first may fill caches.</summary>
    public static long OfSecondCall(Action action)
    {
        action();

        // A collection that runs in the background takes the rest of the thread's allocation buffer, which then counts as allocated.
        // This one waits until it is done.
        GC.Collect();
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

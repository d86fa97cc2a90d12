namespace BinaryConnect.Tests.Support;

/// <summary>Counts what this thread allocates.</summary>
internal static class Allocations
{
    /// <summary>Bytes allocated by the second of two calls; the first may fill caches.</summary>
    public static long OfSecondCall(Action action)
    {
        action();
        AwaitCollections();
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>
    /// Waits for collections in the background, before a measurement: one takes the rest of the thread's allocation buffer, which then
    /// counts as allocated.
    /// </summary>
    public static void AwaitCollections() => GC.Collect();
}

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
    /// The fewest bytes that this thread allocated in any of five calls, for tests with several threads: a collection
    /// that another one brings about takes the rest of the thread's allocation buffer, which then counts as allocated.
    /// </summary>
    public static long Fewest(Action action)
    {
        long fewest = long.MaxValue;
        for (int i = 0; i < 5 && fewest > 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }

    /// <summary>
    /// Waits for background collections before a measurement. A collection takes the rest of the thread's allocation
    /// buffer, which then counts as allocated.
    /// </summary>
    public static void AwaitCollections() => GC.Collect();
}

namespace BinaryConnect.Tests.Support;

/// <summary>Several threads that do the same at the same time.</summary>
internal static class Threads
{
    /// <summary>
    /// Runs an action on threads of its own, given the number of each and a barrier for all; throws what one of them
    /// threw.
    /// </summary>
    public static void Run(int count, Action<int, Barrier> action)
    {
        using var barrier = new Barrier(count);
        Exception?[] faults = new Exception?[count];
        Thread[] threads = [.. Enumerable.Range(0, count).Select(number => new Thread(() =>
        {
            try
            {
                action(number, barrier);
            }
            catch (Exception fault)
            {
                faults[number] = fault;
                barrier.RemoveParticipant();
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        if (faults.OfType<Exception>().FirstOrDefault() is Exception first) throw new AggregateException(first);
    }
}

using System.Diagnostics;

namespace BinaryConnect.Samples.Experiments.OneBitStudy;

/// <summary>
/// Times of several ways to do the same work. The ways alternate in one process, for equal times, so whatever slows the
/// machine slows them alike. Ratios of one round compare them.
/// </summary>
/// <param name="Seconds">The times of a call, [way][round].</param>
internal sealed record PairedTimes(IReadOnlyList<double[]> Seconds)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LeastSlot = TimeSpan.FromMilliseconds(0.5);

    /// <summary>
    /// Times each way once a round, by as many calls as take as long as one of the slowest way, at least half a
    /// millisecond. So other programs interrupt each way as often. The order of the ways is random in each round, since
    /// the machine may do its other work at regular times.
    /// </summary>
    /// <exception cref="OperationCanceledException">The measurement was cancelled.</exception>
    public static PairedTimes Measure(IReadOnlyList<Action> ways, int rounds, CancellationToken cancellation)
    {
        TimeSpan[] least = [.. ways.Select(LeastCall)];
        TimeSpan slot = least.Append(LeastSlot).Max();
        int[] calls = [.. least.Select(call => (int)Math.Clamp(slot / call, 1, int.MaxValue))];
        int[] order = [.. Enumerable.Range(0, ways.Count)];
        var random = new Random(1);
        double[][] seconds = [.. ways.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            random.Shuffle(order);
            foreach (int way in order)
            {
                // The way before may have emptied the caches.
                ways[way]();
                long begin = Stopwatch.GetTimestamp();
                for (int call = 0; call < calls[way]; call++) ways[way]();
                seconds[way][round] = Stopwatch.GetElapsedTime(begin).TotalSeconds / calls[way];
            }
        }

        return new PairedTimes(seconds);
    }

    /// <summary>How many times as fast as the first way a way is: the quartiles of the ratios of each round.</summary>
    public Quartiles SpeedOf(int way) => Quartiles.Of(Seconds[0].Zip(Seconds[way], (first, own) => first / own));

    /// <summary>The median time of a call, in seconds.</summary>
    public double MedianOf(int way) => Quartiles.Of(Seconds[way]).Median;

    /// <summary>The least time of a call, in seconds, which other programs disturbed least.</summary>
    public double LeastOf(int way) => Seconds[way].Min();

    // The first calls run code that the JIT has not optimized yet, so the fastest one counts.
    private static TimeSpan LeastCall(Action way)
    {
        TimeSpan least = TimeSpan.MaxValue;
        var warm = Stopwatch.StartNew();
        while (warm.Elapsed < WarmUp)
        {
            long begin = Stopwatch.GetTimestamp();
            way();
            TimeSpan one = Stopwatch.GetElapsedTime(begin);
            if (one < least) least = one;
        }

        return least;
    }
}

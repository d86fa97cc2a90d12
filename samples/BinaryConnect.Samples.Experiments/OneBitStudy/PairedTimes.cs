using System.Diagnostics;

namespace BinaryConnect.Samples.Experiments.OneBitStudy;

/// <summary>
/// Times of several ways to do the same work. The ways alternate in one process, for equal times, so whatever slows the
/// machine slows them alike. Ratios of one round compare them.
/// </summary>
/// <param name="Seconds">The times of a call, [way][round].</param>
internal sealed record PairedTimes(IReadOnlyList<double[]> Seconds)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(300), Slot = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Times each way once a round, by as many calls as take about 10 ms. Each round starts with another way.
    /// </summary>
    /// <exception cref="OperationCanceledException">The measurement was cancelled.</exception>
    public static PairedTimes Measure(IReadOnlyList<Action> ways, int rounds, CancellationToken cancellation)
    {
        int[] calls = [.. ways.Select(CallsOf)];
        double[][] seconds = [.. ways.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < ways.Count; i++)
            {
                int way = (round + i) % ways.Count;
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

    // The first calls run code that the JIT has not optimized yet, so the fastest one counts.
    private static int CallsOf(Action way)
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

        return (int)Math.Clamp(Slot / least, 1, int.MaxValue);
    }
}

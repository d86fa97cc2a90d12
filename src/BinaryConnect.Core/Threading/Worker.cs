using System.Diagnostics;

namespace BinaryConnect.Threading;

/// <summary>
/// A thread of a <see cref="WorkerPool"/> beside the caller's. After a run it looks out for the next one, then sleeps until it is
/// called, and ends when it has not been called for long.
/// </summary>
/// <remarks>
/// Not the thread pool's, whose idle threads look out for work of anybody: with two cores, one of them would take turns with the
/// thread that computes, for milliseconds. A thread that is woken may be put on the very core that the caller computes on, which
/// looking out avoids.
/// </remarks>
internal sealed class Worker(
    IWorkSource source, int thread, bool looksOut, int patienceInMilliseconds, Action<ThreadStart> start)
{
    // Somewhat longer than a step computes on one thread between two runs.
    private static readonly long Lookout = Stopwatch.Frequency / 2_000;

    private readonly object _gate = new();
    private State _state;
    private long _startsAgain = long.MinValue;

    private enum State
    {
        Ended,
        Awake,
        Asleep,
    }

    /// <summary>Starts a thread of the runtime.</summary>
    /// <exception cref="OutOfMemoryException">The system has no thread left.</exception>
    /// <exception cref="ThreadStartException">The thread did not start.</exception>
    public static void StartThread(ThreadStart work) =>
        new Thread(work) { IsBackground = true, Name = nameof(BinaryConnect) }.Start();

    /// <summary>Has it take parts, which there must be by now. Where it cannot be started, others take them.</summary>
    public void Call()
    {
        // As it falls asleep it looks for parts once more after saying so: either it sees them, or this sees that it sleeps.
        Interlocked.MemoryBarrier();
        if (_state == State.Awake) return;
        lock (_gate)
        {
            if (_state == State.Asleep) Monitor.Pulse(_gate);
            else if (_state == State.Ended && Stopwatch.GetTimestamp() >= _startsAgain) Start();
        }
    }

    private void Start()
    {
        _state = State.Awake;
        try
        {
            start(Work);
        }
        catch (Exception)
        {
            // Others compute by now, so that no exception may leave the run. Each start takes long to fail: not in
            // every run.
            _state = State.Ended;
            _startsAgain = Stopwatch.GetTimestamp() + patienceInMilliseconds * Stopwatch.Frequency / 1_000;
        }
    }

    private void Work()
    {
        do source.TakeParts(thread);
        while (SeesParts() || WaitsForParts());
    }

    private bool SeesParts()
    {
        if (!looksOut) return source.HasParts;
        long end = Stopwatch.GetTimestamp() + Lookout;
        while (!source.HasParts)
        {
            if (Stopwatch.GetTimestamp() > end) return false;
            Thread.SpinWait(4);
        }

        return true;
    }

    // False where it has ended.
    private bool WaitsForParts()
    {
        lock (_gate)
        {
            _state = State.Asleep;
            Interlocked.MemoryBarrier();
            bool called = source.HasParts || Monitor.Wait(_gate, patienceInMilliseconds) || source.HasParts;
            _state = called ? State.Awake : State.Ended;
            return called;
        }
    }
}

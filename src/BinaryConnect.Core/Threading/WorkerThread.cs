using System.Diagnostics;

namespace BinaryConnect.Threading;

/// <summary>
/// A thread of a <see cref="WorkerPool"/> beside the caller's. After a run it spins for the next one, then sleeps
/// until it is called. It ends after a long time without a call.
/// </summary>
/// <remarks>
/// Not a thread of the .NET thread pool: its idle threads spin for any work, and with two cores one of them competes
/// with a computing thread for milliseconds. Spinning also keeps this thread on its core: the scheduler may wake a
/// sleeping thread on the caller's core.
/// </remarks>
internal sealed class WorkerThread(
    IWorkSource source, int thread, bool looksOut, int patienceInMilliseconds, Action<ThreadStart> start)
{
    // Somewhat longer than a training step computes on one thread between two runs.
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

    /// <summary>
    /// Wakes or starts the thread. Parts must exist by now. If it cannot start, other threads run them.
    /// </summary>
    public void Call()
    {
        // A worker looks for parts again after it sets Asleep: either it sees the parts, or this call sees Asleep.
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
            // Other threads compute by now, so no exception may leave the run. A failed start takes long, so it is not
            // repeated in every run.
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

    // False when the thread is to end.
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

using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace BinaryConnect.Threading;

/// <summary>
/// Runs the parts of a work on its own threads and the caller's. Work stealing: each thread runs its own share first,
/// from the last part to the first, then takes parts from the others. A busy core delays a run little, and no thread
/// waits for another's share. The pool belongs to one caller. A run allocates only when it starts threads: the first
/// run, and the first after a pause of seconds.
/// </summary>
/// <remarks>
/// The shares are the same in every run, so that a thread finds what it wrote before in its own cache. A line from
/// the cache of a core that shares none takes at least four times as long.
/// </remarks>
internal sealed class WorkerPool : IWorkSource
{
    /// <summary>The fewest multiply-adds worth a thread. Fewer take about as long as a thread takes to wake.</summary>
    public const long LeastMultiplyAdds = 1 << 20;

    /// <summary>The cost of reading, packing or writing one value, in multiply-adds.</summary>
    public const long MultiplyAddsPerValue = 32;

    /// <summary>
    /// Parts of each thread's share. Cores differ in speed from moment to moment: a faster one takes some over.
    /// </summary>
    public const int PartsPerThread = 8;

    /// <summary>
    /// The limit on a machine of fewer processors than this. More threads would take memory, and save no work.
    /// </summary>
    public const int MostThreads = 64;

    // At most one part is left when the caller waits, and a sleep would mostly last longer than that part.
    private const int Spins = 200;

    private readonly WorkerThread[] _helpers;
    private readonly Share[] _shares;
    private readonly object _gate = new();
    private IParallelWork? _work;
    private ExceptionDispatchInfo? _fault;
    private int _unfinished;

    /// <summary>
    /// A pool of <paramref name="degreeOfParallelism"/> threads, the caller's among them, within
    /// <see cref="DegreeOf"/>. The others end when nothing has run for <paramref name="patienceInMilliseconds"/>. A
    /// thread that cannot start is tried again after that time.
    /// </summary>
    /// <param name="degreeOfParallelism">The requested number of threads.</param>
    /// <param name="patienceInMilliseconds">How long an idle thread stays.</param>
    /// <param name="start">Starts a thread, or throws; null for the runtime's own.</param>
    public WorkerPool(int degreeOfParallelism, int patienceInMilliseconds = 10_000, Action<ThreadStart>? start = null)
    {
        bool startsThreads = !OperatingSystem.IsBrowser() && !OperatingSystem.IsWasi();
        int degree = DegreeOf(degreeOfParallelism, Environment.ProcessorCount, startsThreads);
        // With more threads than cores, a spinning thread takes time from those that compute.
        bool lookOut = degree <= Environment.ProcessorCount;
        _shares = new Share[degree];
        _helpers = new WorkerThread[degree - 1];
        start ??= WorkerThread.StartThread;
        for (int i = 0; i < _helpers.Length; i++)
            _helpers[i] = new WorkerThread(this, thread: i + 1, lookOut, patienceInMilliseconds, start);
    }

    /// <summary>The most threads that work at the same time.</summary>
    public int Degree => _shares.Length;

    /// <summary>The most parts of a work: several for each thread, or one where there is one thread.</summary>
    public int MostParts => PartsOf(Degree);

    /// <summary>Whether a part is left that no thread has taken.</summary>
    public bool HasParts
    {
        get
        {
            foreach (ref Share share in _shares.AsSpan())
            {
                if (Volatile.Read(ref share.Untaken) > 0) return true;
            }

            return false;
        }
    }

    /// <summary>
    /// The number of threads for a request: at least 1. The upper limit is <see cref="MostThreads"/> or the number of
    /// processors, whichever is larger; 1 where the platform starts no threads.
    /// </summary>
    public static int DegreeOf(int asked, int processors, bool startsThreads) =>
        startsThreads ? Math.Clamp(asked, 1, Math.Max(MostThreads, processors)) : 1;

    /// <summary>
    /// How many parts of a length, cut at multiples of <paramref name="step"/>, are worth a thread each: at most
    /// <see cref="MostParts"/>.
    /// </summary>
    public int Parts(int length, int step, long multiplyAdds) => Parts(length, step, multiplyAdds, Degree);

    /// <summary>The same for any number of threads.</summary>
    public static int Parts(int length, int step, long multiplyAdds, int degree) =>
        Math.Min(Worthwhile(multiplyAdds, PartsOf(degree)), Math.Max(1, length / step));

    /// <summary>How many parts are worth a thread each, at most <paramref name="most"/>.</summary>
    public static int Worthwhile(long multiplyAdds, int most) => (int)Math.Clamp(multiplyAdds / LeastMultiplyAdds, 1, most);

    /// <summary>The most parts for that many threads.</summary>
    public static int PartsOf(int degree) => degree == 1 ? 1 : degree * PartsPerThread;

    /// <summary>Whether a pass over a matrix has enough values for several threads.</summary>
    public bool IsWorthwhile(RowBlocks blocks, int width) =>
        Degree > 1 && MultiplyAddsPerValue * blocks.Rows * width >= 2 * LeastMultiplyAdds;

    /// <summary>
    /// Runs a pass over a matrix, one part for each block of its rows. It uses several threads where the matrix has
    /// enough values.
    /// </summary>
    public void RunRows(IParallelWork work, RowBlocks blocks, int width)
    {
        if (IsWorthwhile(blocks, width)) Run(work, blocks.Count);
        else for (int block = 0; block < blocks.Count; block++) work.Run(block, thread: 0);
    }

    /// <summary>
    /// Runs parts 0 to <paramref name="parts"/> − 1 and returns when all are done; throws the first exception of a
    /// part. Threads that cannot start leave their parts to the others. An interrupt does not end it early: a part may
    /// still work on the caller's memory.
    /// </summary>
    public void Run(IParallelWork work, int parts)
    {
        if (parts <= 1 || _helpers.Length == 0)
        {
            for (int part = 0; part < parts; part++) work.Run(part, thread: 0);
            return;
        }

        _work = work;
        _fault = null;
        _unfinished = parts;

        // From here on parts can be taken. A helper that is late from an earlier run may take one too.
        int threads = Math.Min(parts, Degree);
        for (int i = 0; i < threads; i++) _shares[i].Fill(parts * i / threads, parts * (i + 1) / threads);
        bool wasInterrupted = false;
        while (!TryFinish(threads)) wasInterrupted = true;
        ExceptionDispatchInfo? fault = _fault;
        _work = null;
        _fault = null;
        // The next wait of the caller throws the interrupt.
        if (wasInterrupted) Thread.CurrentThread.Interrupt();
        fault?.Throw();
    }

    // False when this thread was interrupted: parts may be left.
    private bool TryFinish(int threads)
    {
        try
        {
            for (int i = 0; i < threads - 1; i++) _helpers[i].Call();
            TakeParts(thread: 0);
            WaitForLastPart();
            return true;
        }
        catch (ThreadInterruptedException)
        {
            return false;
        }
    }

    /// <summary>
    /// Runs parts until none is left, on a helper's thread or the caller's; the thread's own share first.
    /// </summary>
    public void TakeParts(int thread)
    {
        for (int i = 0; i < _shares.Length; i++)
        {
            ref Share share = ref _shares[(thread + i) % _shares.Length];
            while (share.TryTake(out int part)) RunPart(part, thread);
        }
    }

    private void RunPart(int part, int thread)
    {
        try
        {
            _work!.Run(part, thread);
        }
        catch (Exception fault)
        {
            Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(fault), null);
        }

        if (Interlocked.Decrement(ref _unfinished) != 0) return;
        lock (_gate) Monitor.PulseAll(_gate);
    }

    private void WaitForLastPart()
    {
        var spin = new SpinWait();
        while (spin.Count < Spins)
        {
            if (Volatile.Read(ref _unfinished) == 0) return;
            spin.SpinOnce(sleep1Threshold: -1);
        }

        lock (_gate)
        {
            while (Volatile.Read(ref _unfinished) != 0) Monitor.Wait(_gate);
        }
    }

    // One cache line each, as mostly one thread uses a share.
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Share
    {
        public int Untaken;
        private int _first;

        public void Fill(int first, int end)
        {
            _first = first;
            Volatile.Write(ref Untaken, end - first);
        }

        // This one counter decides whether a part is left and which, so that no helper can confuse two runs.
        public bool TryTake(out int part)
        {
            int left = Volatile.Read(ref Untaken) > 0 ? Interlocked.Decrement(ref Untaken) : -1;
            part = _first + left;
            return left >= 0;
        }
    }
}

using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace BinaryConnect.Threading;

/// <summary>
/// Runs the parts of a work on threads of its own and on the thread that asks. Each begins with a share of its own, parts that follow
/// one another, from the last to the first, then takes whatever part no other thread has taken: a busy machine delays little and nothing can lock up. It belongs
/// to one caller and allocates nothing per run but the first, and the first after a pause of seconds.
/// </summary>
/// <remarks>
/// The shares are the same in every run, so that a thread finds what it wrote before in a cache of its own. Between cores that share
/// none, a line takes four times as long and more.
/// </remarks>
internal sealed class WorkerPool : IWorkSource
{
    /// <summary>
    /// How many multiply-adds a thread must have to do. Of 2.1 million on one core of 3.7 GHz, 21 µs, a second thread took off 8 µs
    /// with the other core idle; of half as many too little to count on, since another thread takes microseconds to wake.
    /// </summary>
    public const long LeastMultiplyAdds = 1 << 20;

    /// <summary>What it costs to pass over a value, to pack it or to write it, in multiply-adds.</summary>
    public const long MultiplyAddsPerValue = 32;

    /// <summary>Of so many parts of a share, cores not being equally fast at every moment, a few may go to the thread that is done first.</summary>
    public const int PartsPerThread = 8;

    /// <summary>
    /// The most threads, on a machine of fewer processors: more would take memory, and no work off the others.
    /// </summary>
    public const int MostThreads = 64;

    // What is left is one part at most, so that a sleep would mostly last longer.
    private const int Spins = 200;

    private readonly Worker[] _helpers;
    private readonly Share[] _shares;
    private readonly object _gate = new();
    private IParallelWork? _work;
    private ExceptionDispatchInfo? _fault;
    private int _unfinished;

    /// <summary>
    /// A split over as many threads, the caller's among them, or as many as there may be. The others end when nothing
    /// has run for <paramref name="patienceInMilliseconds"/>; one that cannot be started is tried again after that time.
    /// </summary>
    /// <param name="degreeOfParallelism">How many threads are asked for.</param>
    /// <param name="patienceInMilliseconds">How long an idle thread stays.</param>
    /// <param name="start">Starts a thread, or throws; null for the runtime's own.</param>
    public WorkerPool(int degreeOfParallelism, int patienceInMilliseconds = 10_000, Action<ThreadStart>? start = null)
    {
        bool startsThreads = !OperatingSystem.IsBrowser() && !OperatingSystem.IsWasi();
        int degree = DegreeOf(degreeOfParallelism, Environment.ProcessorCount, startsThreads);
        // Where threads are more than cores, one that looks out would take time from those that compute.
        bool lookOut = degree <= Environment.ProcessorCount;
        _shares = new Share[degree];
        _helpers = new Worker[degree - 1];
        start ??= Worker.StartThread;
        for (int i = 0; i < _helpers.Length; i++)
            _helpers[i] = new Worker(this, thread: i + 1, lookOut, patienceInMilliseconds, start);
    }

    /// <summary>The most threads that work at the same time.</summary>
    public int Degree => _shares.Length;

    /// <summary>The most parts that a work is cut into: several for each thread; one where there is one thread.</summary>
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
    /// How many threads work where so many are asked for: at least 1, and no more than the platform starts or the work
    /// has use for.
    /// </summary>
    public static int DegreeOf(int asked, int processors, bool startsThreads) =>
        startsThreads ? Math.Clamp(asked, 1, Math.Max(MostThreads, processors)) : 1;

    /// <summary>How many parts of a length, cut at multiples of <paramref name="step"/>, are worth a thread each: at most <see cref="MostParts"/>.</summary>
    public int Parts(int length, int step, long multiplyAdds) => Parts(length, step, multiplyAdds, Degree);

    /// <summary>The same for any number of threads.</summary>
    public static int Parts(int length, int step, long multiplyAdds, int degree) =>
        Math.Min(Worthwhile(multiplyAdds, PartsOf(degree)), Math.Max(1, length / step));

    /// <summary>How many parts are worth a thread each, at most <paramref name="most"/>.</summary>
    public static int Worthwhile(long multiplyAdds, int most) => (int)Math.Clamp(multiplyAdds / LeastMultiplyAdds, 1, most);

    /// <summary>The most parts for so many threads.</summary>
    public static int PartsOf(int degree) => degree == 1 ? 1 : degree * PartsPerThread;

    /// <summary>Whether a pass over a matrix has enough values for several threads.</summary>
    public bool IsWorthwhile(RowBlocks blocks, int width) =>
        Degree > 1 && MultiplyAddsPerValue * blocks.Rows * width >= 2 * LeastMultiplyAdds;

    /// <summary>
    /// Runs a pass over a matrix, a part for each block of its rows: on several threads where it has enough values, else one after the
    /// other.
    /// </summary>
    public void RunRows(IParallelWork work, RowBlocks blocks, int width)
    {
        if (IsWorthwhile(blocks, width)) Run(work, blocks.Count);
        else for (int block = 0; block < blocks.Count; block++) work.Run(block, thread: 0);
    }

    /// <summary>
    /// Runs parts 0 to <paramref name="parts"/> − 1 and returns when all are done; throws what the first of them threw.
    /// Threads that cannot be started leave their parts to the others. Nothing makes it return while a part runs, which
    /// may work on the caller's memory.
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

        // From here on parts can be taken. A helper that comes late from an earlier run takes one as well as any.
        int threads = Math.Min(parts, Degree);
        for (int i = 0; i < threads; i++) _shares[i].Fill(parts * i / threads, parts * (i + 1) / threads);
        bool wasInterrupted = false;
        while (!TryFinish(threads)) wasInterrupted = true;
        ExceptionDispatchInfo? fault = _fault;
        _work = null;
        _fault = null;
        // The caller's next wait throws what the waits of this run could not.
        if (wasInterrupted) Thread.CurrentThread.Interrupt();
        fault?.Throw();
    }

    // False where somebody interrupted this thread: parts may be left.
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

    /// <summary>Runs parts as long as there are any, on a helper's thread or the caller's: first those of the thread's own share.</summary>
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

    // A cache line for each, as each is mostly one thread's.
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

        // One counter alone says whether there is a part and which, so that no helper can mix up two runs.
        public bool TryTake(out int part)
        {
            int left = Volatile.Read(ref Untaken) > 0 ? Interlocked.Decrement(ref Untaken) : -1;
            part = _first + left;
            return left >= 0;
        }
    }
}

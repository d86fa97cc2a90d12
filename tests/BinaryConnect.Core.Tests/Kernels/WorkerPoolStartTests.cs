using System.Runtime.CompilerServices;
using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Tests.Support;
using BinaryConnect.Threading;

namespace BinaryConnect.Tests.Kernels;

/// <summary>If the system cannot start a thread, a run continues with the threads that exist.</summary>
internal sealed class WorkerPoolStartTests
{
    private const int Long = 60_000;

    // The exceptions of Thread.Start: the documented ones, and the one on platforms without threads.
    private static readonly Exception[] Faults =
    [
        new InsufficientMemoryException(),
        (Exception)RuntimeHelpers.GetUninitializedObject(typeof(ThreadStartException)),
        new PlatformNotSupportedException(),
    ];

    [Test]
    public void Every_part_runs_once_where_no_thread_starts(
        [ValueSource(nameof(Faults))] Exception fault, [Values(2, 4)] int degree)
    {
        int tries = 0;
        var split = new WorkerPool(degree, Long, _ => Fail(ref tries, fault));

        AssertRuns(split, runs: 100, parts: 9);

        Assert.That(tries, Is.EqualTo(degree - 1), "it takes long to fail, and is tried once in a while");
    }

    [Test]
    public void A_later_run_tries_again()
    {
        int tries = 0;
        var split = new WorkerPool(2, patienceInMilliseconds: 20, work =>
        {
            if (Interlocked.Increment(ref tries) == 1) throw new InsufficientMemoryException();
            WorkerThread.StartThread(work);
        });
        AssertRuns(split, runs: 1, parts: 4);
        Thread.Sleep(40);

        var work = new Meeting(2);
        split.Run(work, 2);

        Assert.That(work.Met, Is.True);
        Assert.That(tries, Is.EqualTo(2));
    }

    [Test]
    public void Every_part_runs_once_where_some_threads_start(
        [Values(2, 3)] int everySo, [Values(3, 4)] int degree, [Values(0, 1, 20)] int patience)
    {
        int tries = 0;
        var split = new WorkerPool(degree, patience, work =>
        {
            if (Interlocked.Increment(ref tries) % everySo == 0) throw new InsufficientMemoryException();
            WorkerThread.StartThread(work);
        });

        AssertRuns(split, runs: 1000, parts: 9);
    }

    // The thread that did start still computes on the caller's memory when the next one does not.
    [Test]
    public void A_run_ends_after_the_parts_of_the_threads_that_started()
    {
        int tries = 0;
        var split = new WorkerPool(3, Long, work =>
        {
            if (Interlocked.Increment(ref tries) > 1) throw new InsufficientMemoryException();
            WorkerThread.StartThread(work);
        });
        for (int run = 0; run < 20; run++)
        {
            var work = new SlowOnOthers(parts: 6);
            split.Run(work, 6);
            Assert.That(work.Done, Is.EqualTo(6), $"run {run}");
        }
    }

    [Test]
    public void A_product_has_the_same_bits_whichever_threads_start([Values(0, 1, 2)] int starts)
    {
        int left = starts;
        var shape = new GemmShape(Rows: 200, Columns: 300, Inner: 600);
        float[] a = KernelInputs.Uniform(200 * 600, seed: 1), b = KernelInputs.Uniform(600 * 300, seed: 2);
        float[] expected = new float[200 * 300], c = new float[expected.Length];
        new ParallelGemm(1).Multiply(shape, a, b, expected);
        var split = new WorkerPool(4, Long, work =>
        {
            if (Interlocked.Decrement(ref left) < 0) throw new InsufficientMemoryException();
            WorkerThread.StartThread(work);
        });

        var product = new ParallelGemm(split);
        for (int run = 0; run < 20; run++)
        {
            c.AsSpan().Fill(float.NaN);
            product.Multiply(shape, a, b, c);
            Assert.That(c.AsSpan().SequenceEqual(expected), Is.True, $"run {run}");
        }
    }

    [TestCase(0, 8, true, 1)]
    [TestCase(-1, 8, true, 1)]
    [TestCase(1, 8, true, 1)]
    [TestCase(8, 2, true, 8)]
    [TestCase(64, 2, true, 64)]
    [TestCase(int.MaxValue, 2, true, 64)]
    [TestCase(int.MaxValue, 128, true, 128)]
    [TestCase(int.MaxValue, 128, false, 1)]
    [TestCase(2, 1, false, 1)]
    public void As_many_threads_work_as_are_of_use(int asked, int processors, bool startsThreads, int expected) =>
        Assert.That(WorkerPool.DegreeOf(asked, processors, startsThreads), Is.EqualTo(expected));

    [Test]
    public void Any_number_of_threads_may_be_asked_for()
    {
        var split = new WorkerPool(int.MaxValue);

        Assert.That(split.Degree, Is.EqualTo(Math.Max(WorkerPool.MostThreads, Environment.ProcessorCount)));
        AssertRuns(split, runs: 3, parts: split.MostParts);
    }

    private static void AssertRuns(WorkerPool split, int runs, int parts)
    {
        var work = new Counts(parts);
        for (int run = 1; run <= runs; run++)
        {
            split.Run(work, parts);
            if (!work.AreAll(run)) Assert.Fail($"run {run}: {work}");
        }
    }

    private static void Fail(ref int tries, Exception fault)
    {
        tries++;
        throw fault;
    }

    private sealed class Counts(int parts) : IParallelWork
    {
        private readonly int[] _counts = new int[parts];

        public bool AreAll(int count) => _counts.All(some => some == count);

        public void Run(int part, int thread) => Interlocked.Increment(ref _counts[part]);

        public override string ToString() => string.Join(", ", _counts);
    }

    private sealed class SlowOnOthers(int parts) : IParallelWork
    {
        private int _done;

        public int Done => Volatile.Read(ref _done);

        public void Run(int part, int thread)
        {
            if (thread != 0) Thread.Sleep(5);
            if (part >= parts) throw new InvalidOperationException($"part {part} of {parts}");
            Interlocked.Increment(ref _done);
        }
    }

    private sealed class Meeting(int parts) : IParallelWork
    {
        private int _begun, _met;

        public bool Met => _met == parts;

        public void Run(int part, int thread)
        {
            Interlocked.Increment(ref _begun);
            if (SpinWait.SpinUntil(() => Volatile.Read(ref _begun) == parts, TimeSpan.FromSeconds(30)))
                Interlocked.Increment(ref _met);
        }
    }
}

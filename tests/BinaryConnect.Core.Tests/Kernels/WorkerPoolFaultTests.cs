using BinaryConnect.Threading;

namespace BinaryConnect.Tests.Kernels;

/// <summary>
/// Parts that throw, and interrupts of the thread that waits for them. Each run ends with all its parts finished, and
/// leaves no trace in the next run.
/// </summary>
internal sealed class WorkerPoolFaultTests
{
    private const int Parts = 12;

    [Test]
    public void What_any_parts_throw_reaches_the_caller_after_all_parts_ran(
        [Values(1, 2, 3)] int degree, [Values(1, 2, 5, 12)] int everySo)
    {
        var split = new WorkerPool(degree);
        for (int run = 0; run < 200; run++)
        {
            var work = new Faulty(part => part % everySo == 0);

            InvalidDataException? fault = Assert.Throws<InvalidDataException>(() => split.Run(work, Parts));

            Assert.That(fault!.Message, Does.StartWith("part "));
            // One thread stops at the first fault.
            if (degree > 1) Assert.That(work.Ran, Is.EqualTo(Parts), $"run {run}");

            var next = new Faulty(_ => false);
            split.Run(next, Parts);
            Assert.That(next.Ran, Is.EqualTo(Parts), $"after run {run}");
        }
    }

    // The caller's own part and those of every other thread.
    [Test]
    public void Every_thread_may_throw([Values(2, 3)] int degree)
    {
        var split = new WorkerPool(degree);
        for (int run = 0; run < 20; run++)
        {
            var work = new MeetingThenFault(degree);
            Assert.That(() => split.Run(work, degree), Throws.InstanceOf<InvalidDataException>());
            Assert.That(work.Ran, Is.EqualTo(degree), $"run {run}");
        }
    }

    // A wait that is interrupted must not end a run whose parts still compute on the caller's memory.
    [Test]
    public void A_run_that_is_interrupted_ends_after_its_last_part_and_leaves_the_interrupt()
    {
        var split = new WorkerPool(2);
        var work = new Interrupting(Thread.CurrentThread);

        split.Run(work, 2);

        Assert.That(work.Ran, Is.EqualTo(2));
        Assert.That(() => Thread.Sleep(Timeout.Infinite), Throws.InstanceOf<ThreadInterruptedException>());
        var next = new Faulty(_ => false);
        split.Run(next, Parts);
        Assert.That(next.Ran, Is.EqualTo(Parts));
    }

    private sealed class Faulty(Func<int, bool> throws) : IParallelWork
    {
        private int _ran;

        public int Ran => _ran;

        public void Run(int part, int thread)
        {
            Interlocked.Increment(ref _ran);
            if (throws(part)) throw new InvalidDataException($"part {part}");
        }
    }

    private sealed class MeetingThenFault(int parts) : IParallelWork
    {
        private int _ran;

        public int Ran => _ran;

        public void Run(int part, int thread)
        {
            Interlocked.Increment(ref _ran);
            SpinWait.SpinUntil(() => Volatile.Read(ref _ran) == parts, TimeSpan.FromSeconds(30));
            throw new InvalidDataException($"part {part}");
        }
    }

    // The part on the other thread interrupts the waiting caller, and continues.
    private sealed class Interrupting(Thread caller) : IParallelWork
    {
        private int _ran, _begun;

        public int Ran => Volatile.Read(ref _ran);

        public void Run(int part, int thread)
        {
            Interlocked.Increment(ref _begun);
            SpinWait.SpinUntil(() => Volatile.Read(ref _begun) == 2, TimeSpan.FromSeconds(30));
            if (thread != 0)
            {
                Thread.Sleep(100);
                caller.Interrupt();
                Thread.Sleep(100);
            }

            Interlocked.Increment(ref _ran);
        }
    }
}

using BinaryConnect.Threading;

namespace BinaryConnect.Tests.Kernels;

internal sealed class WorkerPoolTests
{
    [Test]
    public void Every_part_runs_once_in_run_after_run([Values(1, 2, 3, 4)] int degree, [Values(1, 2, 4, 9)] int parts)
    {
        var split = new WorkerPool(degree);
        var work = new Counts(parts);
        for (int run = 1; run <= 2000; run++)
        {
            split.Run(work, parts);
            for (int part = 0; part < parts; part++)
            {
                if (work.Of(part) != run) Assert.Fail($"run {run}, part {part}: run {work.Of(part)} times");
            }
        }
    }

    // After a millisecond helpers sleep, after the patience they have ended: each has to be called in its own way.
    [Test]
    public void Every_part_runs_once_after_a_pause([Values(2, 3)] int degree, [Values(0, 1, 5, 60)] int pauseInMilliseconds)
    {
        var split = new WorkerPool(degree, patienceInMilliseconds: 20);
        var work = new Counts(degree);
        for (int run = 1; run <= 20; run++)
        {
            split.Run(work, degree);
            for (int part = 0; part < degree; part++) Assert.That(work.Of(part), Is.EqualTo(run), $"run {run}, part {part}");
            Thread.Sleep(pauseInMilliseconds);
        }
    }

    // The first part waits for another to begin, so another thread must run: a new, a sleeping or an ended one.
    [Test]
    public void Another_thread_takes_part_each_time([Values(0, 5, 60)] int pauseInMilliseconds)
    {
        var split = new WorkerPool(2, patienceInMilliseconds: 20);
        for (int run = 0; run < 5; run++)
        {
            var work = new Meeting(2);
            split.Run(work, 2);
            Assert.That(work.Met, Is.True, $"run {run}");
            Thread.Sleep(pauseInMilliseconds);
        }
    }

    // Each part ends only when all have begun, which takes every thread.
    [Test]
    public void Each_thread_begins_with_its_own_share([Values(2, 3, 4)] int degree)
    {
        var work = new Meeting(degree);

        new WorkerPool(degree).Run(work, degree);

        Assert.That(work.Threads, Is.EqualTo(Enumerable.Range(0, degree)));
    }

    [Test]
    public void What_a_part_throws_reaches_the_caller_after_all_parts_ran()
    {
        var split = new WorkerPool(2);
        var work = new Counts(3, faulty: 1);

        Assert.That(() => split.Run(work, 3), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("part 1"));
        Assert.That(new[] { work.Of(0), work.Of(1), work.Of(2) }, Is.All.EqualTo(1));

        var next = new Counts(3);
        split.Run(next, 3);
        Assert.That(next.Of(1), Is.EqualTo(1));
    }

    private sealed class Counts(int parts, int faulty = -1) : IParallelWork
    {
        private readonly int[] _counts = new int[parts];

        public int Of(int part) => _counts[part];

        public void Run(int part, int thread)
        {
            Interlocked.Increment(ref _counts[part]);
            if (part == faulty) throw new InvalidDataException($"part {part}");
        }
    }

    private sealed class Meeting(int parts) : IParallelWork
    {
        private readonly int[] _threads = new int[parts];
        private int _begun, _met;

        public bool Met => _met == parts;

        public IEnumerable<int> Threads => _threads;

        public void Run(int part, int thread)
        {
            _threads[part] = thread;
            Interlocked.Increment(ref _begun);
            if (SpinWait.SpinUntil(() => Volatile.Read(ref _begun) == parts, TimeSpan.FromSeconds(30)))
                Interlocked.Increment(ref _met);
        }
    }
}

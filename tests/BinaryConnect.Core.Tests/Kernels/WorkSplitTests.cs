using BinaryConnect.Kernels;

namespace BinaryConnect.Tests.Kernels;

internal sealed class WorkSplitTests
{
    [Test]
    public void Every_part_runs_once_in_run_after_run([Values(1, 2, 3, 4)] int degree, [Values(1, 2, 4, 9)] int parts)
    {
        var split = new WorkSplit(degree);
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

    [Test]
    public void What_a_part_throws_reaches_the_caller_after_all_parts_ran()
    {
        var split = new WorkSplit(2);
        var work = new Counts(3, faulty: 1);

        Assert.That(() => split.Run(work, 3), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("part 1"));
        Assert.That(new[] { work.Of(0), work.Of(1), work.Of(2) }, Is.All.EqualTo(1));

        var next = new Counts(3);
        split.Run(next, 3);
        Assert.That(next.Of(1), Is.EqualTo(1));
    }

    private sealed class Counts(int parts, int faulty = -1) : ISplitWork
    {
        private readonly int[] _counts = new int[parts];

        public int Of(int part) => _counts[part];

        public void Run(int part)
        {
            Interlocked.Increment(ref _counts[part]);
            if (part == faulty) throw new InvalidDataException($"part {part}");
        }
    }
}

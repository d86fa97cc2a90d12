using BinaryConnect.Data;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

/// <summary>Replay of a given order.</summary>
internal sealed class BatchSamplerReplayTests
{
    private static readonly Dataset Data = Dataset.FromFloats(new float[] { 0, 1, 2, 3, 4 }, new[] { 0, 1, 0, 1, 0 }, 1, 2);

    [Test]
    public void The_order_is_used_once_exactly_and_its_end_gives_a_shorter_batch()
    {
        var sampler = BatchSampler.Replay(Data, batchSize: 3, new[] { 4, 4, 0, 3, 1, 2, 2 });

        Assert.That(sampler.Next().Features.ToArray(), Is.EqualTo(new float[] { 4, 4, 0 }));
        Assert.That(sampler.Next().Features.ToArray(), Is.EqualTo(new float[] { 3, 1, 2 }));
        Assert.That(sampler.Next().Features.ToArray(), Is.EqualTo(new float[] { 2 }));
        for (int again = 0; again < 2; again++)
        {
            Assert.That(
                () => sampler.Next().Count,
                Throws.InvalidOperationException.With.Message.EqualTo("The replayed order of 7 rows is used up."));
        }

        Assert.That(sampler.Epoch, Is.Zero);
    }

    [Test]
    public void Labels_go_with_the_rows()
    {
        Assert.That(BatchSampler.Replay(Data, 4, new[] { 3, 2, 1, 0 }).Next().Labels.ToArray(), Is.EqualTo(new[] { 1, 0, 1, 0 }));
    }

    [Test]
    public void Properties_are_what_was_asked_for()
    {
        var sampler = BatchSampler.Replay(Data, batchSize: 2, new[] { 0 });

        Assert.That(sampler.Dataset, Is.SameAs(Data));
        Assert.That((sampler.BatchSize, sampler.IsReplay), Is.EqualTo((2, true)));
    }

    [TestCase(1, 7)]
    [TestCase(3, 3)]
    [TestCase(7, 1)]
    [TestCase(8, 1)]
    public void BatchesIn_counts_the_shorter_batch_at_the_end(int batchSize, long expected)
    {
        Assert.That(BatchSampler.Replay(Data, batchSize, new int[7]).BatchesIn(1), Is.EqualTo(expected));
    }

    [Test]
    public void Faulty_arguments_are_named()
    {
        Assert.That(
            () => BatchSampler.Replay(null!, 1, new int[1]),
            Throws.ArgumentNullException.With.Property("ParamName").EqualTo("dataset"));
        Assert.That(
            () => BatchSampler.Replay(Data, 0, new int[1]),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'batchSize' is 0; it must be at least 1. (Parameter 'batchSize')"));
        Assert.That(
            () => BatchSampler.Replay(Data, 1, default),
            Throws.ArgumentException.With.Message.EqualTo(
                "'order' is empty; it must name at least one row. (Parameter 'order')"));
        foreach (int row in new[] { -1, 5 })
        {
            Assert.That(
                () => BatchSampler.Replay(Data, 1, new[] { 0, 4, row }),
                Throws.ArgumentException.With.Message.EqualTo(
                    $"'order' has {row} at 2; a row must be at least 0 and below the number of rows, 5. (Parameter 'order')"));
        }

        Assert.That(
            () => BatchSampler.Replay(Data, 1, new int[1]).BatchesIn(2),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'epochs' is 2; a replayed order has one epoch. (Parameter 'epochs')"));
        Assert.That(
            () => BatchSampler.Replay(Data, 1, new int[1]).BatchesIn(0),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'epochs' is 0; it must be at least 1. (Parameter 'epochs')"));
    }

    [Test]
    public void Next_allocates_nothing()
    {
        var sampler = BatchSampler.Replay(Data, 2, new int[40]);

        long allocated = Allocations.OfSecondCall(() =>
        {
            for (int i = 0; i < 10; i++) sampler.Next();
        });

        Assert.That(allocated, Is.Zero);
    }
}

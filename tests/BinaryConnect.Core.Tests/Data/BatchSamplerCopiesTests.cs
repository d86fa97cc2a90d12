using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

/// <summary>A model that computes a batch may copy the next one's rows meanwhile; the batches are the same.</summary>
[TestFixtureSource(typeof(ZerosFixture), nameof(ZerosFixture.Forms))]
internal sealed class BatchSamplerCopiesTests(bool skipsZeros) : ZerosFixture(skipsZeros)
{
    private const int Features = 150, Classes = 10, BatchSize = 8, Rows = 30;

    [Test]
    public void Batches_whose_rows_were_copied_are_the_batches([Values] PartialBatch lastBatch, [Values] bool skipsSome)
    {
        var copied = new BatchSampler(Data, BatchSize, seed: 3, lastBatch);
        var plain = new BatchSampler(Data, BatchSize, seed: 3, lastBatch);
        int copiedAhead = 0;
        for (int i = 0; i < 12; i++)
        {
            Batch batch = copied.NextRaw(), expected = plain.NextRaw();

            AssertSame(batch, expected);
            if (!skipsSome || i % 3 == 0) Backward(batch);
            if (batch.Ahead.Copies.Count == batch.Ahead.Count) copiedAhead++;
        }

        Assert.That(copiedAhead, Is.EqualTo(skipsSome ? 4 : 12), "batches whose successor's rows were copied");
    }

    [Test]
    public void Copies_of_a_batch_that_is_skipped_are_not_taken_for_another()
    {
        var sampler = new BatchSampler(Data, BatchSize, seed: 3);
        Backward(sampler.NextRaw());

        sampler.Position = (2, 5);

        var expected = new BatchSampler(Data, BatchSize, seed: 3) { Position = (2, 5) };
        AssertSame(sampler.NextRaw(), expected.NextRaw());
    }

    [Test]
    public void A_replayed_order_ends_as_without_copies()
    {
        BatchSampler sampler = BatchSampler.Replay(Data, BatchSize, Enumerable.Range(0, 2 * BatchSize + 1).ToArray());
        Backward(sampler.NextRaw());
        Backward(sampler.NextRaw());
        Batch last = sampler.NextRaw();

        Assert.That(last.Count, Is.EqualTo(1));
        Assert.That(last.ByteRow(0).SequenceEqual(Data.Bytes.Slice(2 * BatchSize * Features, Features)), Is.True);
        Backward(last);
        Assert.That(() => sampler.NextRaw(), Throws.InvalidOperationException);
    }

    // The 30 rows give a fourth batch of only six, so an earlier batch must not read more of its rows.
    [Test]
    public void A_batch_used_after_its_time_leaves_later_batches_whole()
    {
        for (int first = 0; first < 8; first++)
        {
            for (int between = 0; between < 5; between++)
            {
                var sampler = new BatchSampler(Data, BatchSize, seed: 3, PartialBatch.Keep);
                var expected = new BatchSampler(Data, BatchSize, seed: 3, PartialBatch.Keep);
                for (int i = 0; i < first; i++) AssertSame(sampler.NextRaw(), expected.NextRaw());
                Batch stale = sampler.NextRaw();
                expected.NextRaw();
                for (int i = 0; i < between; i++) AssertSame(sampler.NextRaw(), expected.NextRaw());

                Backward(stale);

                for (int i = 0; i < 5; i++) AssertSame(sampler.NextRaw(), expected.NextRaw());
            }
        }
    }

    private static Dataset Data { get; } = Create();

    private static Dataset Create()
    {
        byte[] bytes = new byte[Rows * Features];
        new Random(1).NextBytes(bytes);
        return Dataset.FromBytes(bytes, Enumerable.Range(0, Rows).Select(i => i % Classes).ToArray(), Features, Classes);
    }

    private static void Backward(Batch batch)
    {
        var model = new LogisticModel(Features, Classes);
        float[] logits = new float[batch.Count * Classes];
        model.Forward(batch, logits);
        model.Backward(batch, logits);
    }

    private static void AssertSame(Batch batch, Batch expected)
    {
        Assert.That(batch.Labels.SequenceEqual(expected.Labels), Is.True);
        for (int i = 0; i < expected.Count; i++)
            Assert.That(batch.ByteRow(i).SequenceEqual(expected.ByteRow(i)), Is.True, $"row {i}");
    }
}

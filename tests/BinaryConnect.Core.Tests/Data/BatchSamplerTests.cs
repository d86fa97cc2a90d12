using BinaryConnect.Data;
using BinaryConnect.Tests.Support;
using CsCheck;

namespace BinaryConnect.Tests.Data;

internal sealed class BatchSamplerTests
{
    [Test]
    public void A_batch_holds_its_rows_features_and_labels()
    {
        var sampler = new BatchSampler(Counting(10), batchSize: 4, seed: 1);

        for (int i = 0; i < 10; i++)
        {
            Batch batch = sampler.Next();

            Assert.That((batch.Count, batch.FeatureCount), Is.EqualTo((4, 2)));
            for (int row = 0; row < batch.Count; row++)
            {
                Assert.That(batch.Features[2 * row + 1], Is.EqualTo(-batch.Features[2 * row]), "second feature");
                Assert.That(batch.Labels[row], Is.EqualTo((int)batch.Features[2 * row] % 3), "label");
            }
        }
    }

    [Test]
    public void Bytes_are_widened_with_scale_and_shift()
    {
        var data = Dataset.FromBytes(new byte[] { 10, 20 }, new int[2], 1, 2, scale: 0.5f, shift: 1);

        float[] features = new BatchSampler(data, batchSize: 2, seed: 1).Next().Features.ToArray();

        Assert.That(features, Is.EquivalentTo(new float[] { 6, 11 }));
    }

    // For every policy the rows of all batches, in order, are whole shuffled epochs. Drop leaves out some rows.
    [Test]
    public void Every_epoch_is_a_permutation_cut_into_batches_as_the_policy_says([Values] PartialBatch lastBatch)
    {
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 50], Gen.Int)
            .Where((rows, size, _) => lastBatch != PartialBatch.Drop || size <= rows).Sample(
            (rows, size, seed) =>
            {
                var sampler = new BatchSampler(Counting(rows), size, seed, lastBatch);
                int perEpoch = lastBatch == PartialBatch.Drop ? rows / size * size : rows;
                List<int[]> batches = [];
                while (batches.Sum(batch => batch.Length) < 3 * perEpoch) batches.Add(RowsOf(sampler.Next()));

                int[][] epochs = [.. batches.SelectMany(batch => batch).Take(3 * perEpoch).Chunk(perEpoch)];
                foreach (int[] epoch in epochs)
                {
                    if (!epoch.SequenceEqual(epoch.Distinct()) || epoch.Any(row => row < 0 || row >= rows)) return false;
                }

                int last = rows % size == 0 ? size : rows % size;
                return lastBatch switch
                {
                    PartialBatch.Keep => !batches
                        .Where((batch, i) => batch.Length != ((i + 1) % ((rows + size - 1) / size) == 0 ? last : size))
                        .Any(),
                    _ => batches.All(batch => batch.Length == size),
                };
            },
            iter: 300);
    }

    [Test]
    public void Wrap_takes_what_is_left_and_fills_up_from_the_next_epochs_shuffle()
    {
        int[] epochs = EpochOrders(rows: 10, seed: 5, epochs: 2);
        var sampler = new BatchSampler(Counting(10), batchSize: 4, seed: 5);

        int[][] batches = [.. Enumerable.Range(0, 5).Select(_ => RowsOf(sampler.Next()))];

        Assert.That(batches, Is.EqualTo(new[] { epochs[..4], epochs[4..8], epochs[8..12], epochs[12..16], epochs[16..20] }));
    }

    [Test]
    public void Drop_leaves_out_what_is_left()
    {
        int[] epochs = EpochOrders(rows: 10, seed: 5, epochs: 2);
        var sampler = new BatchSampler(Counting(10), batchSize: 4, seed: 5, PartialBatch.Drop);

        int[][] batches = [.. Enumerable.Range(0, 4).Select(_ => RowsOf(sampler.Next()))];

        Assert.That(batches, Is.EqualTo(new[] { epochs[..4], epochs[4..8], epochs[10..14], epochs[14..18] }));
    }

    [Test]
    public void Keep_gives_what_is_left_as_a_shorter_batch()
    {
        int[] epochs = EpochOrders(rows: 10, seed: 5, epochs: 2);
        var sampler = new BatchSampler(Counting(10), batchSize: 4, seed: 5, PartialBatch.Keep);

        int[][] batches = [.. Enumerable.Range(0, 4).Select(_ => RowsOf(sampler.Next()))];

        Assert.That(batches, Is.EqualTo(new[] { epochs[..4], epochs[4..8], epochs[8..10], epochs[10..14] }));
    }

    [Test]
    public void A_wrapped_batch_may_be_larger_than_the_data_set()
    {
        int[] epochs = EpochOrders(rows: 3, seed: 5, epochs: 5);
        var sampler = new BatchSampler(Counting(3), batchSize: 7, seed: 5);

        Assert.That(RowsOf(sampler.Next()), Is.EqualTo(epochs[..7]));
        Assert.That(RowsOf(sampler.Next()), Is.EqualTo(epochs[7..14]));
        Assert.That(sampler.Epoch, Is.EqualTo(4));
    }

    [TestCase(PartialBatch.Wrap, new[] { 0, 0, 1, 1, 1, 2 })]
    [TestCase(PartialBatch.Drop, new[] { 0, 0, 1, 1, 2, 2 })]
    [TestCase(PartialBatch.Keep, new[] { 0, 0, 0, 1, 1, 1 })]
    public void Epoch_is_that_of_the_latest_row(PartialBatch lastBatch, int[] expected)
    {
        var sampler = new BatchSampler(Counting(10), batchSize: 4, seed: 5, lastBatch);
        Assert.That(sampler.Epoch, Is.Zero);

        int[] epochs = [.. Enumerable.Range(0, 6).Select(_ =>
        {
            sampler.Next();
            return sampler.Epoch;
        })];

        Assert.That(epochs, Is.EqualTo(expected));
    }

    [Test]
    public void The_same_seed_gives_the_same_order_and_another_seed_or_epoch_another()
    {
        int[] order = EpochOrders(rows: 50, seed: 5, epochs: 2);

        Assert.That(EpochOrders(rows: 50, seed: 5, epochs: 2), Is.EqualTo(order));
        Assert.That(EpochOrders(rows: 50, seed: 6, epochs: 2), Is.Not.EqualTo(order));
        Assert.That(EpochOrders(rows: 50, seed: -5, epochs: 2), Is.Not.EqualTo(order));
        Assert.That(order.Take(50), Is.Not.EqualTo(order.Skip(50)));
    }

    // Same seed, same bits, from one release to the next. The numbers come from another implementation, in Python.
    [Test]
    public void The_order_of_a_seed_stays_what_it_was()
    {
        Assert.That(
            EpochOrders(rows: 10, seed: 1234, epochs: 2),
            Is.EqualTo(new[] { 6, 2, 4, 5, 8, 3, 9, 1, 7, 0, 6, 7, 8, 9, 3, 4, 5, 1, 2, 0 }));
    }

    // Three rows have six orders. Each must come up for a sixth of n seeds, within five times √(p (1 − p) n), p = 1/6.
    [Test]
    public void Every_order_is_equally_likely()
    {
        const int Seeds = 6_000;
        Dataset data = Counting(3);
        var counts = new Dictionary<string, int>();

        for (int seed = 0; seed < Seeds; seed++)
        {
            string order = string.Join(' ', RowsOf(new BatchSampler(data, 3, seed).Next()));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.That(counts, Has.Count.EqualTo(6));
        Assert.That(counts.Values, Is.All.EqualTo(Seeds / 6).Within(5 * Math.Sqrt(1.0 / 6 * 5 / 6 * Seeds)));
    }

    [TestCase(PartialBatch.Wrap, new long[] { 3, 5, 8, 10 })]
    [TestCase(PartialBatch.Drop, new long[] { 2, 4, 6, 8 })]
    [TestCase(PartialBatch.Keep, new long[] { 3, 6, 9, 12 })]
    public void BatchesIn_counts_the_batches_that_show_every_row_that_often(PartialBatch lastBatch, long[] expected)
    {
        var sampler = new BatchSampler(Counting(10), batchSize: 4, seed: 1, lastBatch);

        Assert.That(Enumerable.Range(1, 4).Select(sampler.BatchesIn), Is.EqualTo(expected));
    }

    [TestCase(PartialBatch.Wrap)]
    [TestCase(PartialBatch.Drop)]
    [TestCase(PartialBatch.Keep)]
    public void BatchesIn_is_an_epochs_batches_where_they_fit_exactly_and_never_overflows(PartialBatch lastBatch)
    {
        var sampler = new BatchSampler(Counting(10), batchSize: 5, seed: 1, lastBatch);

        Assert.That(sampler.BatchesIn(1), Is.EqualTo(2));
        Assert.That(sampler.BatchesIn(int.MaxValue), Is.EqualTo(2L * int.MaxValue));
    }

    [Test]
    public void Next_allocates_nothing([Values] PartialBatch lastBatch)
    {
        var sampler = new BatchSampler(Counting(100), batchSize: 32, seed: 1, lastBatch);

        long allocated = Allocations.OfSecondCall(() =>
        {
            for (int i = 0; i < 100; i++) sampler.Next();
        });

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Properties_are_what_was_asked_for()
    {
        Dataset data = Counting(10);
        var sampler = new BatchSampler(data, batchSize: 4, seed: 1);

        Assert.That(sampler.Dataset, Is.SameAs(data));
        Assert.That((sampler.BatchSize, sampler.IsReplay), Is.EqualTo((4, false)));
    }

    [Test]
    public void Faulty_arguments_are_named()
    {
        Dataset data = Counting(1_000);
        Assert.That(
            () => new BatchSampler(null!, 4, seed: 1),
            Throws.ArgumentNullException.With.Property("ParamName").EqualTo("dataset"));
        AssertRange(
            () => _ = new BatchSampler(data, 0, seed: 1), "'batchSize' is 0; it must be at least 1. (Parameter 'batchSize')");
        AssertRange(
            () => _ = new BatchSampler(data, 4, seed: 1, (PartialBatch)3),
            "'lastBatch' is 3; it must be Wrap, Drop or Keep. (Parameter 'lastBatch')");
        AssertRange(
            () => _ = new BatchSampler(data, 1_001, seed: 1, PartialBatch.Drop),
            "'batchSize' is 1,001; to drop short batches it must be at most the number of rows, 1,000. (Parameter 'batchSize')");
        AssertRange(
            () => _ = new BatchSampler(data, 1_073_741_796, seed: 1),
            "'batchSize' is 1,073,741,796; at 2 features a row, a batch must fit into an array of 2,147,483,591 values. "
            + "(Parameter 'batchSize')");
        AssertRange(
            () => new BatchSampler(data, 4, seed: 1).BatchesIn(0), "'epochs' is 0; it must be at least 1. (Parameter 'epochs')");
        Assert.That(() => new BatchSampler(data, 1_000, seed: 1, PartialBatch.Drop), Throws.Nothing);
        Assert.That(() => new BatchSampler(data, 1_001, seed: 1, PartialBatch.Keep), Throws.Nothing);
    }

    // Row i is (i, −i), of class i mod 3.
    private static Dataset Counting(int rows) => Dataset.FromFloats(
        Enumerable.Range(0, rows).SelectMany(i => new float[] { i, -i }).ToArray(),
        Enumerable.Range(0, rows).Select(i => i % 3).ToArray(), 2, 3);

    private static int[] RowsOf(Batch batch)
    {
        int[] rows = new int[batch.Count];
        for (int i = 0; i < rows.Length; i++) rows[i] = (int)batch.Features[2 * i];
        return rows;
    }

    // One batch is one epoch here: the order depends on seed and epoch alone, not on the batch size.
    private static int[] EpochOrders(int rows, int seed, int epochs)
    {
        var sampler = new BatchSampler(Counting(rows), rows, seed, PartialBatch.Keep);
        return [.. Enumerable.Range(0, epochs).SelectMany(_ => RowsOf(sampler.Next()))];
    }

    private static void AssertRange(Action action, string message) =>
        Assert.That(action.Invoke, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(message));
}

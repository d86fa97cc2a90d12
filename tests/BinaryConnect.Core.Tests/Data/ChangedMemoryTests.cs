using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Data;

/// <summary>Memory that a caller changes after it was checked: nothing outside the data is read.</summary>
internal sealed class ChangedMemoryTests
{
    private const int Rows = 300, Features = 40, Classes = 3;
    private static readonly int[] Wrong = [int.MaxValue, int.MinValue, -1, Rows, 1 << 28];

    [TestCase(true)]
    [TestCase(false)]
    public void A_replayed_order_is_the_one_that_was_given(bool hasBytes)
    {
        Dataset data = Data(hasBytes);
        int[] given = [.. Enumerable.Range(0, Rows).Reverse()], order = [.. given];
        BatchSampler sampler = BatchSampler.Replay(data, 128, order), expected = BatchSampler.Replay(data, 128, given);
        string settings = sampler.ToString();
        var model = new LogisticModel(new LogisticModelOptions { Features = Features, Classes = Classes });
        float[] logits = new float[128 * Classes];

        for (int batch = 0; batch < 3; batch++)
        {
            Array.Fill(order, Wrong[batch]);
            Batch actual = sampler.NextRaw(), right = expected.NextRaw();
            AssertSame(actual, right);
            model.Binarize(new BinaryConnect.Binarization.DeterministicBinarizer());
            model.Forward(actual, logits.AsSpan(0, actual.Count * Classes));
            model.Backward(actual, logits.AsSpan(0, actual.Count * Classes));
        }

        Assert.That(sampler.ToString(), Is.EqualTo(settings));
        Assert.That(() => sampler.Next().Count, Throws.InvalidOperationException);
    }

    // A check of the caller's memory would pass here, and the copy made after it would hold the wrong numbers.
    [Test]
    public void What_is_checked_of_an_order_is_what_is_used()
    {
        Dataset data = Data(hasBytes: true);
        foreach (int wrong in Wrong)
        {
            for (int looks = 1; looks < 20; looks++)
            {
                int[] right = [0, 1, 2, 3], bad = [.. Enumerable.Repeat(wrong, 4)];
                var memory = new ShiftingMemory<int>([.. Enumerable.Repeat(right, looks), bad]);
                try
                {
                    BatchSampler sampler = BatchSampler.Replay(data, 2, memory.Whole);
                    foreach (int row in new[] { 1, 3 })
                    {
                        byte[] expected = data.Bytes.Slice(row * Features, Features).ToArray();
                        Assert.That(sampler.NextRaw().ByteRow(1).ToArray(), Is.EqualTo(expected));
                    }
                }
                catch (ArgumentException fault)
                {
                    Assert.That(fault.Message, Does.StartWith($"'order' has {wrong:N0} at "));
                }
            }
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Labels_are_those_that_were_given(bool hasBytes)
    {
        int[] labels = Labels(), given = [.. labels];
        Dataset data = Data(hasBytes, labels);
        (Dataset first, Dataset second) = data.Split(100);

        foreach (int wrong in Wrong)
        {
            Array.Fill(labels, wrong);
            Assert.That(data.Labels.ToArray(), Is.EqualTo(given));
            Assert.That(first.Labels.ToArray(), Is.EqualTo(given[..100]));
            Assert.That(second.Labels.ToArray(), Is.EqualTo(given[100..]));
            Assert.That(data.Take(7).Labels.ToArray(), Is.EqualTo(given[..7]));
            Assert.That(new BatchSampler(data, 128, seed: 1).Next().Labels.ToArray(), Is.All.InRange(0, Classes - 1));
        }
    }

    [Test]
    public void What_is_checked_of_labels_is_what_is_used()
    {
        float[] features = new float[4];
        for (int looks = 1; looks < 8; looks++)
        {
            var memory = new ShiftingMemory<int>([.. Enumerable.Repeat(new[] { 0, 1, 2, 0 }, looks), [9, 9, 9, 9]]);
            try
            {
                var data = Dataset.FromFloats(features, memory.Whole, 1, Classes);
                Assert.That(data.Labels.ToArray(), Is.EqualTo(new[] { 0, 1, 2, 0 }));
            }
            catch (ArgumentException fault)
            {
                Assert.That(fault.Message, Does.StartWith("'labels' has 9 at row 0; "));
            }
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_run_whose_labels_are_overwritten_meanwhile_ends_as_it_would(bool hasBytes)
    {
        int[] labels = Labels();
        Dataset data = Data(hasBytes, labels);

        float[] expected = Train(data, () => { }), actual = Train(data, () => Array.Fill(labels, 1 << 28));

        Assert.That(actual, Is.EqualTo(expected));
    }

    // Features are viewed: a NaN is a value, which a run reports.
    [Test]
    public void Features_that_become_nan_make_a_run_diverge()
    {
        float[] features = [.. Bytes().Select(value => value / 255f)];
        Dataset data = Dataset.FromFloats(features, Labels(), Features, Classes);

        Assert.That(() => Train(data, () => Array.Fill(features, float.NaN)), Throws.TypeOf<TrainingDivergedException>());
        Assert.That(new BatchSampler(data, 4, seed: 1).Next().Features.ToArray(), Is.All.NaN);
    }

    [Test]
    public void Labels_of_a_batch_that_are_overwritten_are_refused_where_they_are_used()
    {
        int[] labels = [0, 1, 2];
        float[] logits = new float[3 * Classes], gradient = new float[3 * Classes];
        var batch = new Batch(new float[3], labels);
        foreach (int wrong in new[] { -1, Classes, int.MaxValue, int.MinValue })
        {
            labels[1] = wrong;
            int[] seen = batch.Labels.ToArray();
            string expected = $"'labels' has {wrong} at row 1; "
                + "a label must be at least 0 and below the class count, 3. (Parameter 'labels')";
            foreach (ILoss loss in new ILoss[] { new CrossEntropyLoss(), new SquaredHingeLoss() })
            {
                Assert.That(() => loss.Compute(logits, seen), Throws.ArgumentException.With.Message.EqualTo(expected));
                Assert.That(() => loss.Compute(logits, seen, gradient), Throws.ArgumentException.With.Message.EqualTo(expected));
            }

            Assert.That(
                () => CrossEntropyLoss.FromProbabilities(logits, seen),
                Throws.ArgumentException.With.Message.EqualTo(expected));
            Assert.That(() => Gradients.Logits(logits, seen, gradient), Throws.ArgumentException.With.Message.EqualTo(expected));
        }
    }

    // A batch is valid until the next call. After that its rows are wrong ones, but rows of the data set.
    [Test]
    public void A_batch_used_after_its_time_reads_rows_of_the_data_set()
    {
        Dataset data = Data(hasBytes: true);
        var model = new LogisticModel(new LogisticModelOptions { Features = Features, Classes = Classes });
        model.Binarize(new BinaryConnect.Binarization.DeterministicBinarizer());
        var sampler = new BatchSampler(data, 128, seed: 1, PartialBatch.Keep);
        float[] logits = new float[128 * Classes];

        for (int later = 0; later < 9; later++)
        {
            Batch stale = sampler.NextRaw();
            for (int i = 0; i <= later; i++) sampler.NextRaw();
            for (int row = 0; row < stale.Count; row++)
            {
                int at = data.Bytes.IndexOf(stale.ByteRow(row));
                Assert.That(at, Is.GreaterThanOrEqualTo(0), $"row {row} after {later + 1} batches");
            }

            model.Forward(stale, logits.AsSpan(0, stale.Count * Classes));
            model.Backward(stale, logits.AsSpan(0, stale.Count * Classes));
        }
    }

    private static float[] Train(Dataset data, Action change)
    {
        var model = new LogisticModel(new LogisticModelOptions { Features = Features, Classes = Classes });
        var progress = new SynchronousProgress<TrainingProgress>(_ => change());
        var options = new TrainerOptions { MaxSteps = 20, BatchSize = 64, EvaluateEverySteps = 5 };
        new Trainer(options).Fit(model, data, data, progress);
        return model.Weights.Latent.ToArray();
    }

    private static void AssertSame(Batch actual, Batch right)
    {
        Assert.That(actual.Labels.ToArray(), Is.EqualTo(right.Labels.ToArray()));
        Assert.That(actual.Features.ToArray(), Is.EqualTo(right.Features.ToArray()));
        for (int row = 0; right.HasBytes && row < right.Count; row++)
            Assert.That(actual.ByteRow(row).ToArray(), Is.EqualTo(right.ByteRow(row).ToArray()));
    }

    private static Dataset Data(bool hasBytes, int[]? labels = null) => hasBytes
        ? Dataset.FromBytes(Bytes(), labels ?? Labels(), Features, Classes)
        : Dataset.FromFloats(Bytes().Select(value => value / 255f).ToArray(), labels ?? Labels(), Features, Classes);

    private static byte[] Bytes()
    {
        byte[] bytes = new byte[Rows * Features];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static int[] Labels() => [.. Enumerable.Range(0, Rows).Select(row => row % Classes)];
}

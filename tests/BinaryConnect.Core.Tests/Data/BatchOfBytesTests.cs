using BinaryConnect.Data;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

internal sealed class BatchOfBytesTests
{
    [Test]
    public void A_batch_of_bytes_holds_what_it_was_given()
    {
        byte[] bytes = [1, 2, 3, 4, 5, 6];

        var batch = new Batch(bytes, new[] { 0, 1 }, 0.5f, -1);

        Assert.That(batch.HasBytes, Is.True);
        Assert.That(batch.ByteRow(0).ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(batch.ByteRow(1).ToArray(), Is.EqualTo(new byte[] { 4, 5, 6 }));
        Assert.That(batch.Features.IsEmpty, Is.True);
        Assert.That(batch.Labels.ToArray(), Is.EqualTo(new[] { 0, 1 }));
        Assert.That((batch.Count, batch.FeatureCount, batch.Scale, batch.Shift), Is.EqualTo((2, 3, 0.5f, -1f)));
    }

    [Test]
    public void A_batch_of_floats_has_no_bytes_a_scale_of_1_and_no_shift()
    {
        var batch = new Batch(new float[6], new int[2]);

        Assert.That(batch.HasBytes, Is.False);
        Assert.That((batch.Scale, batch.Shift), Is.EqualTo((1f, 0f)));
    }

    [Test]
    public void Faults_are_named()
    {
        Assert.That(
            () => new Batch(new byte[5], new int[2], 1, 0).Count,
            Throws.ArgumentException.With.Message.EqualTo(
                "'bytes' has length 5; it must be a whole number of rows of 'labels.Length', 2. (Parameter 'bytes')"));
        Assert.That(() => new Batch(new byte[4], [], 1, 0).Count, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new Batch(new byte[4], new int[2], 1, 0).ByteRow(2).Length,
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'row' is 2; it must be at least 0 and below the number of rows of bytes, 2. (Parameter 'row')"));
        Assert.That(() => new Batch(new float[4], new int[2]).ByteRow(0).Length, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Batch(new byte[4], new int[2], 0, 0).Count, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Batch(new byte[4], new int[2], 1, float.NaN).Count, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Stored_batches_are_the_batches_of_floats_byte_for_byte([Values] PartialBatch lastBatch)
    {
        Dataset data = SmallData.Bytes(45);
        BatchSampler stored = new(data, 20, seed: 3, lastBatch), floats = new(data, 20, seed: 3, lastBatch);
        for (int i = 0; i < 7; i++)
        {
            Batch bytes = stored.NextRaw(), batch = floats.Next();

            Assert.That(bytes.Labels.ToArray(), Is.EqualTo(batch.Labels.ToArray()));
            for (int row = 0; row < bytes.Count; row++)
            {
                float[] widened = Array.ConvertAll(
                    bytes.ByteRow(row).ToArray(), value => float.MultiplyAddEstimate(value, data.Scale, data.Shift));
                Assert.That(widened, Is.EqualTo(batch.Features.Slice(row * data.FeatureCount, data.FeatureCount).ToArray()));
            }

            Assert.That((bytes.Scale, bytes.Shift), Is.EqualTo((data.Scale, data.Shift)));
            Assert.That(stored.Epoch, Is.EqualTo(floats.Epoch));
        }
    }

    [Test]
    public void A_stored_batch_of_a_data_set_of_floats_is_one_of_floats()
    {
        Dataset data = SmallData.Floats(5);

        Batch stored = new BatchSampler(data, 2, seed: 1).NextRaw(), batch = new BatchSampler(data, 2, seed: 1).Next();

        Assert.That(stored.HasBytes, Is.False);
        Assert.That(stored.Features.ToArray(), Is.EqualTo(batch.Features.ToArray()));
    }
}

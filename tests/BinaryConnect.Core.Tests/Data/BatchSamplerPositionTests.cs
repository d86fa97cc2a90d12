using BinaryConnect.Data;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

/// <summary>A sampler that is set to where another stands gives the same batches from there on.</summary>
internal sealed class BatchSamplerPositionTests
{
    private const int Rows = 11, BatchSize = 4;

    [Test]
    public void Batches_go_on_from_any_position([Values] PartialBatch lastBatch, [Range(0, 9)] int taken)
    {
        var first = new BatchSampler(Data, BatchSize, seed: 5, lastBatch);
        for (int i = 0; i < taken; i++) first.Next();

        AssertGoesOn(first, new BatchSampler(Data, BatchSize, seed: 5, lastBatch), batches: 7);
    }

    [Test]
    public void A_replayed_order_goes_on_from_any_position([Range(0, 3)] int taken)
    {
        int[] order = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];
        BatchSampler first = BatchSampler.Replay(Data, BatchSize, order);
        for (int i = 0; i < taken; i++) first.Next();
        BatchSampler second = BatchSampler.Replay(Data, BatchSize, order);

        AssertGoesOn(first, second, batches: 3 - taken);

        Assert.That(() => second.Next(), Throws.InvalidOperationException);
    }

    [Test]
    public void A_sampler_goes_back_as_well()
    {
        var sampler = new BatchSampler(Data, BatchSize, seed: 5);
        float[] first = sampler.Next().Features.ToArray();
        for (int i = 0; i < 5; i++) sampler.Next();

        sampler.Position = (0, 0);

        Assert.That(sampler.Next().Features.ToArray(), Is.EqualTo(first));
        Assert.That(sampler.Epoch, Is.Zero);
    }

    [TestCase(0, 0, true, true)]
    [TestCase(0, 11, true, true)]
    [TestCase(7, 3, true, false)]
    [TestCase(0, 12, false, false)]
    [TestCase(0, -1, false, false)]
    [TestCase(-1, 0, false, false)]
    public void Only_places_that_there_are_are_taken(int epoch, int row, bool shuffled, bool replayed)
    {
        Assert.That(new BatchSampler(Data, BatchSize, seed: 1).Has((epoch, row)), Is.EqualTo(shuffled));
        Assert.That(BatchSampler.Replay(Data, BatchSize, new int[Rows]).Has((epoch, row)), Is.EqualTo(replayed));
    }

    private static Dataset Data { get; } = SmallData.Floats(Rows);

    private static void AssertGoesOn(BatchSampler first, BatchSampler second, int batches)
    {
        second.Position = first.Position;
        Assert.That(second.Epoch, Is.EqualTo(first.Epoch));
        for (int i = 0; i < batches; i++)
        {
            float[] expected = first.Next().Features.ToArray();
            Assert.That(second.Next().Features.ToArray(), Is.EqualTo(expected), $"batch {i}");
            Assert.That(second.Epoch, Is.EqualTo(first.Epoch), $"batch {i}");
        }

        Assert.That(second.Position, Is.EqualTo(first.Position));
    }
}

using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Threading;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

[TestFixtureSource(typeof(ZerosFixture), nameof(ZerosFixture.Forms))]
internal sealed class ParallelTrainingTests(bool skipsZeros) : ZerosFixture(skipsZeros)
{
    // Enough multiply-adds that four threads find work.
    private const int BatchSize = 601, Features = 700, Classes = 11;

    private static readonly byte[] Pixels = [.. Enumerable.Range(0, 2 * BatchSize * Features).Select(i => (byte)(i * 31 >> 3))];

    // Most blocks of eight are 0, as in images.
    private static readonly byte[] Images = [.. Pixels.Select((pixel, i) => i / 40 % 3 == 0 ? pixel : (byte)0)];
    private static readonly int[] Labels = Numbers.Labels(seed: 1, 2 * BatchSize, Classes);

    private static IEnumerable<IBinarizer> Binarizers =>
        [new DeterministicBinarizer(), new StochasticBinarizer(3), new IdentityBinarizer()];

    [Test]
    public void Any_number_of_threads_trains_to_the_same_bits(
        [Values] bool bytes, [Values] bool images, [ValueSource(nameof(Binarizers))] IBinarizer binarizer)
    {
        Assert.That(
            WorkerPool.Parts(BatchSize, 1, (long)BatchSize * Features * Classes, 4), Is.AtLeast(4),
            "the batch must be large enough to be split");

        (float[] weights, StepResult last) = Train(bytes, images, binarizer, threads: 1);
        foreach (int threads in new[] { 2, 3, 4 })
        {
            (float[] others, StepResult otherLast) = Train(bytes, images, binarizer, threads);

            Assert.That(Numbers.Bits(others), Is.EqualTo(Numbers.Bits(weights)), $"{threads} threads");
            Assert.That(otherLast, Is.EqualTo(last), $"{threads} threads");
        }
    }

    [Test]
    public void A_step_on_several_threads_allocates_nothing([Values] bool bytes, [Values] bool images)
    {
        var step = new TrainingStep(
            new LogisticModel(Features, Classes), new TrainerOptions { BatchSize = BatchSize, MaxDegreeOfParallelism = 2 });
        var sampler = new BatchSampler(Data(bytes, images), BatchSize, seed: 1);
        for (int i = 0; i < 3; i++) step.Run(sampler.NextRaw(), 0.1f);

        long allocated = Allocations.OfSecondCall(() => step.Run(sampler.NextRaw(), 0.1f));

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void A_model_refuses_no_threads() => Assert.That(
        () => new LogisticModel(2, 2).MaxDegreeOfParallelism = 0,
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
            "'MaxDegreeOfParallelism' is 0; it must be at least 1."));

    private static (float[] Weights, StepResult Last) Train(bool bytes, bool images, IBinarizer binarizer, int threads)
    {
        if (binarizer is StochasticBinarizer stochastic) stochastic.Draws = 0;
        var model = new LogisticModel(Features, Classes, seed: 2);
        var step = new TrainingStep(model, new TrainerOptions
        {
            BatchSize = BatchSize,
            Binarizer = binarizer,
            Optimizer = new Sgd(0.9f),
            MaxDegreeOfParallelism = threads,
        });
        var sampler = new BatchSampler(Data(bytes, images), BatchSize, seed: 1);
        StepResult last = default;
        for (int i = 0; i < 5; i++) last = step.Run(sampler.NextRaw(), 0.01f);
        return (model.Weights.Latent.ToArray(), last);
    }

    private static Dataset Data(bool bytes, bool images)
    {
        (byte[] pixels, float shift) = images ? (Images, 0) : (Pixels, -1);
        return bytes
            ? Dataset.FromBytes(pixels, Labels, Features, Classes, scale: 1f / 128, shift)
            : Dataset.FromFloats(Array.ConvertAll(pixels, pixel => pixel / 128f + shift), Labels, Features, Classes);
    }
}

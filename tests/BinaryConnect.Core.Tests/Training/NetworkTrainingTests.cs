using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Threading;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>
/// Steps of networks: the same bits on any number of threads, no allocations, and no damage when a step diverges.
/// </summary>
internal sealed class NetworkTrainingTests
{
    // Products of the first two layers have enough multiply-adds that four threads find work.
    private const int BatchSize = 130, Features = 300, Hidden = 257, Classes = 10;

    private static readonly byte[] Pixels = [.. Enumerable.Range(0, 2 * BatchSize * Features).Select(i => (byte)(i * 31 >> 3))];
    private static readonly int[] Labels = Numbers.Labels(seed: 1, 2 * BatchSize, Classes);
    private static readonly Dataset Data = Dataset.FromBytes(Pixels, Labels, Features, Classes, scale: 1f / 128, shift: -1);

    private static IEnumerable<TestCaseData> Binarizers =>
    [
        new TestCaseData(() => new DeterministicBinarizer()).SetArgDisplayNames("signs"),
        new TestCaseData(() => new StochasticBinarizer(3)).SetArgDisplayNames("random signs"),
        new TestCaseData(() => new IdentityBinarizer()).SetArgDisplayNames("full precision"),
        new TestCaseData(() => OwnBinarizer.Ternary).SetArgDisplayNames("own ternary"),
    ];

    [TestCaseSource(nameof(Binarizers))]
    public void Any_number_of_threads_trains_to_the_same_bits(Func<IBinarizer> binarizer)
    {
        Assert.That(
            WorkerPool.Parts(BatchSize, 4, (long)BatchSize * Features * Hidden, 4), Is.AtLeast(4),
            "the layers must be large enough to be split");
        Assert.That(GemmPartition.Of(new GemmShape(Hidden, Hidden, BatchSize, TransposeA: true), 4).Parts, Is.AtLeast(4));

        (MultilayerPerceptron model, double[] losses, float[] logits) = Train(binarizer(), threads: 1);
        foreach (int threads in new[] { 2, 3, 4 })
        {
            (MultilayerPerceptron other, double[] otherLosses, float[] otherLogits) = Train(binarizer(), threads);

            Assert.That(otherLosses, Is.EqualTo(losses), $"{threads} threads");
            Assert.That(Numbers.Bits(otherLogits), Is.EqualTo(Numbers.Bits(logits)), $"{threads} threads");
            foreach ((Parameter one, Parameter another) in model.Parameters.Zip(other.Parameters))
                Assert.That(
                    Numbers.Bits(another.Latent), Is.EqualTo(Numbers.Bits(one.Latent)), $"{one.Name} on {threads} threads");
            foreach ((Statistic one, Statistic another) in model.Statistics.Zip(other.Statistics))
                Assert.That(
                    Numbers.Bits(another.Values), Is.EqualTo(Numbers.Bits(one.Values)), $"{one.Name} on {threads} threads");
        }
    }

    [Test]
    public void Nothing_is_allocated_after_the_first_step(
        [Values("signs", "random signs", "full precision", "own ternary")] string binarizer, [Values(1, 2)] int threads,
        [Values] bool isLarge)
    {
        TrainerOptions options = OptionsFor(binarizer switch
        {
            "signs" => new DeterministicBinarizer(),
            "random signs" => new StochasticBinarizer(1),
            "full precision" => new IdentityBinarizer(),
            _ => OwnBinarizer.Ternary,
        }, threads);
        MultilayerPerceptron model = Model(isLarge ? Hidden : 20);
        var step = new TrainingStep(model, options);
        var sampler = new BatchSampler(Data, BatchSize, seed: 1);
        float[] logits = new float[BatchSize * Classes], gradient = Numbers.Uniform(1, logits.Length);
        for (int i = 0; i < 3; i++) step.Run(sampler.NextRaw(), 0.1f);

        Assert.That(Allocations.OfSecondCall(() => step.Run(sampler.NextRaw(), 0.1f)), Is.Zero, "a step");
        Assert.That(Allocations.OfSecondCall(() => model.Binarize(options.Binarizer)), Is.Zero, "to propagate");
        Assert.That(Allocations.OfSecondCall(() => model.Forward(Data.ViewRaw(0, BatchSize), logits)), Is.Zero, "forward");
        Assert.That(Allocations.OfSecondCall(() => model.Backward(Data.ViewRaw(0, BatchSize), gradient)), Is.Zero, "backward");
        Assert.That(Allocations.OfSecondCall(() => model.Infer(Data.ViewRaw(0, BatchSize), logits)), Is.Zero, "inference");
        Assert.That(Allocations.OfSecondCall(() => model.RecomputeStatistics(Data, BatchSize)), Is.Zero, "statistics");
    }

    // Its forward pass has moved the running averages to NaN already.
    [Test]
    public void A_step_that_diverges_leaves_weights_and_statistics_as_they_were()
    {
        MultilayerPerceptron model = Model(hidden: 20);
        var step = new TrainingStep(model, OptionsFor(new DeterministicBinarizer(), threads: 1));
        float[] features = Numbers.Uniform(1, 4 * Features);
        step.Run(new Batch(features, [0, 1, 2, 3]), 0.1f);
        float[][] weights = [.. model.Parameters.Select(parameter => parameter.Latent.ToArray())];
        float[][] statistics = [.. model.Statistics.Select(statistic => statistic.Values.ToArray())];
        features[5] = float.NaN;

        Assert.That(() => step.Run(new Batch(features, [0, 1, 2, 3]), 0.1f), Throws.TypeOf<TrainingDivergedException>());

        Assert.That(model.Parameters.Select(parameter => parameter.Latent.ToArray()), Is.EqualTo(weights));
        Assert.That(model.Statistics.Select(statistic => statistic.Values.ToArray()), Is.EqualTo(statistics));
    }

    private static (MultilayerPerceptron Model, double[] Losses, float[] Logits) Train(IBinarizer binarizer, int threads)
    {
        MultilayerPerceptron model = Model(Hidden);
        var step = new TrainingStep(model, OptionsFor(binarizer, threads));
        var sampler = new BatchSampler(Data, BatchSize, seed: 1);
        double[] losses = [.. Enumerable.Range(0, 4).Select(_ => step.Run(sampler.NextRaw(), 0.01f).Loss)];
        float[] logits = new float[Data.Count * Classes];
        model.RecomputeStatistics(Data, BatchSize);
        model.Infer(Data.ViewRaw(0, Data.Count), logits);
        return (model, losses, logits);
    }

    private static TrainerOptions OptionsFor(IBinarizer binarizer, int threads) => new()
    {
        BatchSize = BatchSize,
        Binarizer = binarizer,
        Loss = new SquaredHingeLoss(),
        Optimizer = new Adam(),
        MaxDegreeOfParallelism = threads,
    };

    private static MultilayerPerceptron Model(int hidden) => new(new MultilayerPerceptronOptions
    {
        Features = Features,
        HiddenUnits = [hidden, hidden],
        Classes = Classes,
        InputDropout = 0.1f,
        HiddenDropout = 0.3f,
        Seed = 2,
    });
}

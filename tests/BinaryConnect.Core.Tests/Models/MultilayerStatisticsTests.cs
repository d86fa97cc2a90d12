using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

/// <summary>The running averages of a network, and what takes their place when they are recomputed.</summary>
internal sealed class MultilayerStatisticsTests
{
    private const int Features = 8, Classes = 3;

    private static readonly MultilayerPerceptronOptions Options = new()
    {
        Features = Features,
        HiddenUnits = [12, 9],
        Classes = Classes,
        Seed = 4,
    };

    // Layer by layer in float64, each batch normalized by itself; then two-pass mean and variance of the rows of all
    // batches.
    [TestCase(40, 10)]
    [TestCase(47, 10)]
    [TestCase(40, 40)]
    [TestCase(9, 3)]
    public void Recomputed_statistics_are_those_of_all_whole_batches(int rows, int batchSize)
    {
        MultilayerPerceptron model = Moved(new MultilayerPerceptron(Options with { InputDropout = 0.3f, HiddenDropout = 0.5f }));
        float[] features = Numbers.Uniform(1, rows * Features, -1, 3);

        model.RecomputeStatistics(Data(features), batchSize);

        List<double>[] sums = [[], [], []];
        var reference = new ReferenceNetwork(model);
        int whole = rows / batchSize * batchSize;
        foreach (double[] batch in Numbers.Doubles(features)[..(whole * Features)].Chunk(batchSize * Features))
            reference.Outputs(batch, batchSize, (layer, z) => sums[layer].AddRange(z));
        for (int i = 0; i < sums.Length; i++)
        {
            (double[] mean, double[] variance) = ReferenceLayers.Moments([.. sums[i]], whole);
            Assert.That(
                Numbers.RelativeError(model.Normalizations[i].RunningMean.Values, mean), Is.LessThan(1e-5),
                $"mean of layer {i + 1}");
            Assert.That(
                Numbers.RelativeError(model.Normalizations[i].RunningVariance.Values, variance), Is.LessThan(1e-5),
                $"variance of layer {i + 1}");
        }

        Assert.That(model.Dropouts.Select(dropout => dropout.Draws), Is.All.Zero);
    }

    [Test]
    public void Bytes_give_the_statistics_of_the_floats_they_stand_for()
    {
        byte[] bytes = [.. Enumerable.Range(0, 20 * Features).Select(i => (byte)(i * 53))];
        MultilayerPerceptron ofBytes = new(Options), ofFloats = new(Options);

        ofBytes.RecomputeStatistics(
            Dataset.FromBytes(bytes, new int[20], Features, Classes, scale: 1f / 128, shift: -1), batchSize: 5);
        ofFloats.RecomputeStatistics(Data(Array.ConvertAll(bytes, value => value / 128f - 1)), batchSize: 5);

        foreach ((Statistic one, Statistic other) in ofBytes.Statistics.Zip(ofFloats.Statistics))
            Assert.That(one.Values.ToArray(), Is.EqualTo(other.Values.ToArray()), one.Name);
    }

    [Test]
    public void Inference_uses_the_running_averages_and_no_dropout_and_changes_nothing()
    {
        MultilayerPerceptron model = Moved(new MultilayerPerceptron(Options with { InputDropout = 0.3f, HiddenDropout = 0.5f }));
        float[] features = Numbers.Uniform(1, 5 * Features), logits = new float[5 * Classes];
        foreach (Statistic statistic in model.Statistics)
            Numbers.Uniform(3, statistic.Values.Length, 0.5f, 2).CopyTo(statistic.Values);
        double[][] before = [.. model.Statistics.Select(statistic => Numbers.Doubles(statistic.Values))];

        model.Infer(new Batch(features, new int[5]), logits);

        double[] x = Numbers.Doubles(features);
        for (int i = 0; i < 3; i++)
        {
            x = ReferenceLayers.Dense(x, Numbers.Doubles(model.DenseLayers[i].Weights.Effective), bias: null, rows: 5);
            double[] gamma = Numbers.Doubles(model.Normalizations[i].Gamma.Latent);
            double[] beta = Numbers.Doubles(model.Normalizations[i].Beta.Latent);
            x = ReferenceLayers.Normalize(x, before[2 * i], before[2 * i + 1], gamma, beta, Options.NormalizationEpsilon);
            if (i < 2) x = ReferenceLayers.Rectify(x);
        }

        Assert.That(Numbers.RelativeError(logits, x), Is.LessThan(1e-5));
        Assert.That(model.Statistics.Select(statistic => Numbers.Doubles(statistic.Values)), Is.EqualTo(before));
        Assert.That(model.Dropouts.Select(dropout => dropout.Draws), Is.All.Zero);
    }

    // But for the last bits: a product of few outputs may sum a row alone in another order.
    [Test]
    public void Rows_are_inferred_one_by_one_as_they_are_together()
    {
        var model = new MultilayerPerceptron(Options);
        float[] features = Numbers.Uniform(1, 7 * Features), together = new float[7 * Classes], alone = new float[Classes];
        model.Infer(new Batch(features, new int[7]), together);

        for (int i = 0; i < 7; i++)
        {
            model.Infer(new Batch(features.AsSpan(i * Features, Features), [0]), alone);
            Assert.That(alone, Is.EqualTo(together[(i * Classes)..((i + 1) * Classes)]).Within(1e-5f));
        }
    }

    [Test]
    public void Without_normalization_there_is_nothing_to_recompute()
    {
        var model = new MultilayerPerceptron(Options with { Normalization = Normalization.None });

        Assert.That(() => model.RecomputeStatistics(Data(new float[4 * Features]), 2), Throws.Nothing);
        Assert.That(model.Statistics, Is.Empty);
    }

    private static Dataset Data(float[] features) =>
        Dataset.FromFloats(features, new int[features.Length / Features], Features, Classes);

    private static MultilayerPerceptron Moved(MultilayerPerceptron model)
    {
        foreach (Parameter parameter in model.Parameters.Where(parameter => !parameter.IsWeight))
            Numbers.Uniform(2, parameter.Length, 0.2f, 1.2f).CopyTo(parameter.Latent);
        return model;
    }
}

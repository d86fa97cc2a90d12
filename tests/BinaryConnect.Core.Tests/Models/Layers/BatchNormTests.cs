using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models.Layers;

/// <summary>
/// Batch normalization against the formula in float64: outputs, averages, and inputs that are hard for float
/// arithmetic.
/// </summary>
internal sealed class BatchNormTests
{
    private const float Epsilon = 1e-4f;

    [TestCase(2, 1)]
    [TestCase(5, 3)]
    [TestCase(8, 16)]
    [TestCase(100, 37)]
    [TestCase(7, 300)]
    [TestCase(60, 1_300)]
    public void Outputs_are_normalized_by_mean_and_biased_variance_of_the_batch(int rows, int units)
    {
        BatchNorm norm = Norm(units);
        float[] z = Numbers.Uniform(1, rows * units, -3, 5);

        float[] y = LayerRun.Forward(norm, z);

        Assert.That(Numbers.RelativeError(y, Expected(norm, z, rows)), Is.LessThan(1e-6));
    }

    [Test]
    public void A_fresh_layer_gives_every_unit_mean_0_and_variance_1()
    {
        const int Rows = 50, Units = 4;
        var norm = LayerRun.Built(new BatchNorm(Epsilon, momentum: 0.15f), Units);

        float[] y = LayerRun.Forward(norm, Numbers.Uniform(1, Rows * Units, -3, 5));

        (double[] mean, double[] variance) = ReferenceLayers.Moments(Numbers.Doubles(y), Rows);
        Assert.That(mean, Is.All.EqualTo(0).Within(1e-6));
        Assert.That(variance, Is.All.EqualTo(1).Within(1e-4));
    }

    [TestCase(0.15f)]
    [TestCase(1f)]
    [TestCase(1e-3f)]
    public void Every_batch_moves_the_running_averages_by_the_momentum(float momentum)
    {
        const int Rows = 9, Units = 5;
        var norm = LayerRun.Built(new BatchNorm(Epsilon, momentum), Units);
        double[] mean = new double[Units], variance = [1, 1, 1, 1, 1];
        for (int batch = 0; batch < 4; batch++)
        {
            float[] z = Numbers.Uniform(batch, Rows * Units, batch, 3 * batch + 1);
            (double[] batchMean, double[] batchVariance) = ReferenceLayers.Moments(Numbers.Doubles(z), Rows);
            for (int j = 0; j < Units; j++)
            {
                mean[j] += momentum * (batchMean[j] - mean[j]);
                variance[j] += momentum * (batchVariance[j] - variance[j]);
            }

            LayerRun.Forward(norm, z);

            Assert.That(Numbers.RelativeError(norm.RunningMean.Values, mean), Is.LessThan(1e-6), $"batch {batch}");
            Assert.That(Numbers.RelativeError(norm.RunningVariance.Values, variance), Is.LessThan(1e-6), $"batch {batch}");
        }
    }

    [Test]
    public void At_test_time_the_running_averages_normalize_and_stay()
    {
        const int Rows = 3, Units = 6;
        BatchNorm norm = Norm(Units);
        Numbers.Uniform(4, Units, -2, 2).CopyTo(norm.RunningMean.Values);
        Numbers.Uniform(5, Units, 0.1f, 4).CopyTo(norm.RunningVariance.Values);
        double[] mean = Numbers.Doubles(norm.RunningMean.Values), variance = Numbers.Doubles(norm.RunningVariance.Values);
        float[] z = Numbers.Uniform(1, Rows * Units, -3, 5);

        float[] y = LayerRun.Infer(norm, z);

        double[] expected = ReferenceLayers.Normalize(
            Numbers.Doubles(z), mean, variance, Numbers.Doubles(norm.Gamma.Latent), Numbers.Doubles(norm.Beta.Latent), Epsilon);
        Assert.That(Numbers.RelativeError(y, expected), Is.LessThan(1e-6));
        Assert.That(Numbers.Doubles(norm.RunningMean.Values), Is.EqualTo(mean));
        Assert.That(Numbers.Doubles(norm.RunningVariance.Values), Is.EqualTo(variance));
    }

    [Test]
    public void A_batch_of_one_row_gives_beta_and_leaves_the_averages_alone()
    {
        const int Units = 20;
        var norm = LayerRun.Built(new BatchNorm(Epsilon, momentum: 1), Units);
        Numbers.Uniform(2, Units).CopyTo(norm.Beta.Latent);
        Numbers.Uniform(3, Units).CopyTo(norm.RunningMean.Values);
        float[] z = Numbers.Uniform(1, Units, -1_000, 1_000), mean = norm.RunningMean.Values.ToArray();

        float[] y = LayerRun.Forward(norm, z);

        Assert.That(y, Is.EqualTo(norm.Beta.Latent.ToArray()));
        Assert.That(norm.RunningMean.Values.ToArray(), Is.EqualTo(mean));
        Assert.That(norm.RunningVariance.Values.ToArray(), Is.All.EqualTo(1));
    }

    // Sums of 200 such values are rounded, their mean is not allowed to be.
    [TestCase(0f)]
    [TestCase(-0.1f)]
    [TestCase(1_000.1f)]
    [TestCase(12_345.678f)]
    public void A_column_of_equal_values_gives_beta(float value)
    {
        const int Rows = 200, Units = 3;
        var norm = LayerRun.Built(new BatchNorm(Epsilon, momentum: 1), Units);
        norm.Beta.Latent.Fill(0.25f);
        float[] z = Numbers.Uniform(1, Rows * Units);
        for (int i = 1; i < z.Length; i += Units) z[i] = value;

        float[] y = LayerRun.Forward(norm, z);

        Assert.That(y.Where((_, i) => i % Units == 1), Is.All.EqualTo(0.25f));
        Assert.That(norm.RunningMean.Values[1], Is.EqualTo(value));
        Assert.That(norm.RunningVariance.Values[1], Is.EqualTo(0).Within(1e-9));
    }

    // The remaining error is the rounding of the mean to a float, half its last digit.
    [TestCase(1e3f)]
    [TestCase(-1e4f)]
    [TestCase(1e5f)]
    public void An_offset_far_beyond_the_spread_costs_no_more_than_the_last_digit_of_the_mean(float offset)
    {
        const int Rows = 250, Units = 7;
        var norm = LayerRun.Built(new BatchNorm(Epsilon, momentum: 1), Units);
        float[] z = Array.ConvertAll(Numbers.Uniform(1, Rows * Units), value => offset + value);
        (double[] _, double[] variance) = ReferenceLayers.Moments(Numbers.Doubles(z), Rows);

        float[] y = LayerRun.Forward(norm, z);

        double lastDigit = MathF.BitIncrement(Math.Abs(offset)) - Math.Abs(offset);
        Assert.That(Numbers.LargestError(y, Expected(norm, z, Rows)), Is.LessThan(lastDigit / Math.Sqrt(variance.Min())));
        Assert.That(Numbers.RelativeError(norm.RunningVariance.Values, variance), Is.LessThan(1e-5));
    }

    [Test]
    public void Gathered_batches_count_alike_in_mean_and_variance_of_them_all()
    {
        const int Rows = 16, Batches = 5, Units = 4;
        var norm = LayerRun.Built(new BatchNorm(Epsilon, momentum: 0.15f), Units);
        float[] all =
        [
            .. Enumerable.Range(0, Batches)
                .SelectMany(batch => Numbers.Uniform(batch, Rows * Units, 100 * batch, 100 * batch + 1)),
        ];
        norm.BeginStatistics();
        foreach (float[] batch in all.Chunk(Rows * Units)) LayerRun.Forward(norm, batch, PassMode.Statistics);
        norm.EndStatistics();

        (double[] mean, double[] variance) = ReferenceLayers.Moments(Numbers.Doubles(all), Rows * Batches);
        Assert.That(Numbers.RelativeError(norm.RunningMean.Values, mean), Is.LessThan(1e-6));
        Assert.That(Numbers.RelativeError(norm.RunningVariance.Values, variance), Is.LessThan(1e-6));
    }

    [Test]
    public void Gathering_starts_afresh_and_averages_run_on_after_it()
    {
        var norm = LayerRun.Built(new BatchNorm(Epsilon, momentum: 0.5f), 1);
        foreach (float value in new[] { 7f, 3f })
        {
            norm.BeginStatistics();
            LayerRun.Forward(norm, [value - 1, value + 1], PassMode.Statistics);
            norm.EndStatistics();
            Assert.That((norm.RunningMean.Values[0], norm.RunningVariance.Values[0]), Is.EqualTo((value, 1f)));
        }

        LayerRun.Forward(norm, [5, 5]);

        Assert.That((norm.RunningMean.Values[0], norm.RunningVariance.Values[0]), Is.EqualTo((4f, 0.5f)));
    }

    [Test]
    public void It_starts_as_the_identity_of_a_normalized_unit()
    {
        BatchNorm norm = LayerRun.Built(new BatchNorm(Epsilon) { Name = "layer3" }, 2);
        IReadOnlyList<Parameter> parameters = LayerRun.Of(norm).Parameters;

        Assert.That(parameters, Is.EqualTo(new[] { norm.Gamma, norm.Beta }));
        Assert.That(parameters.Select(parameter => parameter.Name), Is.EqualTo(new[] { "layer3.gamma", "layer3.beta" }));
        Assert.That((norm.RunningMean.Name, norm.RunningVariance.Name), Is.EqualTo(("layer3.mean", "layer3.variance")));
        Assert.That(parameters.Select(parameter => parameter.IsWeight || parameter.IsBinarized), Is.All.False);
        Assert.That(norm.Gamma.Latent.ToArray(), Is.EqualTo(new float[] { 1, 1 }));
        Assert.That(norm.Beta.Latent.ToArray(), Is.EqualTo(new float[] { 0, 0 }));
        Assert.That(norm.RunningMean.Values.ToArray(), Is.EqualTo(new float[] { 0, 0 }));
        Assert.That(norm.RunningVariance.Values.ToArray(), Is.EqualTo(new float[] { 1, 1 }));
    }

    private static BatchNorm Norm(int units)
    {
        var norm = LayerRun.Built(new BatchNorm(Epsilon, momentum: 0.15f), units);
        Numbers.Uniform(2, units, 0.5f, 2).CopyTo(norm.Gamma.Latent);
        Numbers.Uniform(3, units).CopyTo(norm.Beta.Latent);
        return norm;
    }

    private static double[] Expected(BatchNorm norm, float[] z, int rows)
    {
        (double[] mean, double[] variance) = ReferenceLayers.Moments(Numbers.Doubles(z), rows);
        return ReferenceLayers.Normalize(
            Numbers.Doubles(z), mean, variance, Numbers.Doubles(norm.Gamma.Latent), Numbers.Doubles(norm.Beta.Latent),
            norm.Epsilon);
    }
}

using BinaryConnect.Data;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

internal sealed class StandardizationTests
{
    [Test]
    public void Every_feature_comes_to_mean_0_and_deviation_1()
    {
        // Uniform features around 0, 1,000 and 10⁻⁶ times that.
        float[] values = Numbers.Uniform(1, 600, -1, 3);
        for (int i = 0; i < values.Length; i += 3)
        {
            values[i + 1] += 1000;
            values[i + 2] *= 1e-6f;
        }

        var data = Dataset.FromFloats(values, Numbers.Labels(1, 200, 2), 3, 2);

        Dataset standard = Standardization.Fit(data).Apply(data);

        Assert.That(standard.Labels.ToArray(), Is.EqualTo(data.Labels.ToArray()));
        for (int j = 0; j < 3; j++)
        {
            double[] column = Column(standard, j);
            double mean = column.Average(), variance = column.Average(value => (value - mean) * (value - mean));

            // The product with 1/σ is rounded at |x|/σ, about 1,000 in the second column.
            Assert.That(mean, Is.Zero.Within(1e-4));
            Assert.That(variance, Is.EqualTo(1).Within(1e-4));
        }
    }

    [Test]
    public void Scale_and_shift_are_those_of_the_formula()
    {
        // Means 2 and −1, deviations 1 and 2.
        var data = Dataset.FromFloats(new float[] { 1, -3, 3, 1 }, new int[2], 2, 2);
        var fit = Standardization.Fit(data);

        Assert.That(fit.FeatureCount, Is.EqualTo(2));
        Assert.That(fit.Scale.ToArray(), Is.EqualTo(new[] { 1, 0.5f }));
        Assert.That(fit.Shift.ToArray(), Is.EqualTo(new[] { -2, 0.5f }));
    }

    [Test]
    public void A_constant_feature_has_scale_1_and_becomes_0()
    {
        // The mean of 0.1f in 10 rows is rounded, and its deviation then is not 0.
        var fit = Standardization.Fit(Dataset.FromFloats(Enumerable.Repeat(0.1f, 10).ToArray(), new int[10], 1, 2));
        float[] row = [0.1f];

        fit.Apply(row, row);

        Assert.That(fit.Scale[0], Is.EqualTo(1));
        Assert.That(row[0], Is.Zero);
    }

    [Test]
    public void A_deviation_too_small_for_a_float_factor_gives_scale_1()
    {
        var fit = Standardization.Fit(Dataset.FromFloats(new[] { 0, float.Epsilon }, new int[2], 1, 2));

        Assert.That(fit.Scale[0], Is.EqualTo(1));
    }

    [Test]
    public void Bytes_count_as_what_they_stand_for_and_become_floats()
    {
        var data = Dataset.FromBytes(new byte[] { 1, 2, 3, 4 }, new int[4], 1, 2, scale: 10, shift: -5);
        var floats = Dataset.FromFloats(new float[] { 5, 15, 25, 35 }, new int[4], 1, 2);

        var fit = Standardization.Fit(data);

        Assert.That(fit.Scale.ToArray(), Is.EqualTo(Standardization.Fit(floats).Scale.ToArray()));
        Assert.That(fit.Apply(data).HasBytes, Is.False);
        Assert.That(Column(fit.Apply(data), 0), Is.EqualTo(Column(fit.Apply(floats), 0)));
    }

    [Test]
    public void Rows_are_standardized_in_place_or_apart()
    {
        var scaling = new Standardization([2, 3], [1, -1]);
        float[] features = [1, 2, 3, 4], apart = new float[4];

        scaling.Apply(features, apart);
        scaling.Apply(features, features);

        Assert.That(apart, Is.EqualTo(new float[] { 3, 5, 7, 11 }));
        Assert.That(features, Is.EqualTo(apart));
        Assert.That(
            () => scaling.Apply(new float[3], new float[3]),
            Throws.ArgumentException.With.Message.StartsWith(
                "'features' has length 3; it must be a whole number of rows of 'FeatureCount', 2."));
        Assert.That(
            () => scaling.Apply(features, new float[2]),
            Throws.ArgumentException.With.Message.StartsWith(
                "'destination' has length 2; it must have the length of 'features', 4."));
        Assert.That(
            () => scaling.Apply(features.AsSpan(0, 2), features.AsSpan(1, 2)),
            Throws.ArgumentException.With.Message.StartsWith("'destination' partly overlaps 'features'"));
    }

    [Test]
    public void Other_features_and_results_beyond_floats_are_refused()
    {
        var scaling = new Standardization([1e10f], [0]);

        Assert.That(
            () => scaling.Apply(SmallData.Floats(5)),
            Throws.ArgumentException.With.Message.StartsWith(
                "'data' has rows of 6 features; they must have those of the standardization, 1."));
        Assert.That(
            () => scaling.Apply(Dataset.FromFloats(new[] { 1e30f }, new int[1], 1, 2)),
            Throws.ArgumentException.With.Message.StartsWith(
                "'data' has values so large that a result is not finite; it must be."));
    }

    [Test]
    public void Factors_that_are_not_finite_or_0_are_refused()
    {
        Assert.That(
            () => new Standardization([], []),
            Throws.ArgumentException.With.Message.StartsWith("'scale' is empty; there must be at least one feature."));
        Assert.That(
            () => new Standardization([1, 2], [0]),
            Throws.ArgumentException.With.Message.StartsWith("'shift' has length 1; it must have the length of 'scale', 2."));
        Assert.That(
            () => new Standardization([1, 0], [0, 0]),
            Throws.ArgumentException.With.Message.StartsWith("'scale' has 0 at 1; it must be finite, and not 0."));
        Assert.That(
            () => new Standardization([1], [float.NaN]),
            Throws.ArgumentException.With.Message.StartsWith("'shift' has NaN at 0; it must be finite."));
    }

    private static double[] Column(Dataset data, int feature)
    {
        float[] row = new float[data.FeatureCount];
        return [.. Enumerable.Range(0, data.Count).Select(i =>
        {
            data.CopyRow(i, row);
            return (double)row[feature];
        })];
    }
}

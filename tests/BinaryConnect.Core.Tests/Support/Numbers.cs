namespace BinaryConnect.Tests.Support;

/// <summary>Seeded values, and distances between float32 and float64.</summary>
internal static class Numbers
{
    public static float[] Uniform(int seed, int length, float minimum = -1, float maximum = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => minimum + (maximum - minimum) * random.NextSingle())];
    }

    public static int[] Labels(int seed, int length, int classes)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(classes))];
    }

    public static double[] Doubles(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), value => (double)value);

    public static int[] Bits(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), BitConverter.SingleToInt32Bits);

    /// <summary>max_i |actual[i] − expected[i]|.</summary>
    public static double LargestError(ReadOnlySpan<float> actual, double[] expected)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Length));
        double worst = 0;
        for (int i = 0; i < expected.Length; i++) worst = Math.Max(worst, Math.Abs(actual[i] - expected[i]));
        return worst;
    }

    /// <summary>
    /// ‖actual − expected‖₂ / ‖expected‖₂: an error relative to the whole tensor, whose large values set the error of
    /// small ones.
    /// </summary>
    public static double RelativeError(ReadOnlySpan<float> actual, double[] expected)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Length));
        double error = 0, norm = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            norm += expected[i] * expected[i];
        }

        return Math.Sqrt(error / norm);
    }

    /// <summary>
    /// The gradient of <paramref name="function"/> at <paramref name="point"/> by central differences; the point is
    /// restored.
    /// </summary>
    public static double[] CentralDifferences(double[] point, Func<double> function, double step = 1e-5)
    {
        double[] gradient = new double[point.Length];
        for (int i = 0; i < point.Length; i++)
        {
            double kept = point[i];
            point[i] = kept + step;
            double above = function();
            point[i] = kept - step;
            double below = function();
            point[i] = kept;
            gradient[i] = (above - below) / (2 * step);
        }

        return gradient;
    }
}

namespace BinaryConnect.Tests.Support;

/// <summary>The layers of a network in float64, by plain loops that follow the formulas. Rows are contiguous.</summary>
internal static class ReferenceLayers
{
    /// <summary>x·wᵀ + b for weights [outputs, inputs].</summary>
    public static double[] Dense(double[] x, double[] weights, double[]? bias, int rows)
    {
        int inputs = x.Length / rows, outputs = weights.Length / inputs;
        double[] z = new double[rows * outputs];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < outputs; j++)
            {
                double sum = bias?[j] ?? 0;
                for (int k = 0; k < inputs; k++) sum += x[i * inputs + k] * weights[j * inputs + k];
                z[i * outputs + j] = sum;
            }
        }

        return z;
    }

    /// <summary>
    /// The mean and the biased variance of each column, in two passes: the variance sums squared distances from the
    /// mean.
    /// </summary>
    public static (double[] Mean, double[] Variance) Moments(double[] z, int rows)
    {
        int units = z.Length / rows;
        double[] mean = new double[units], variance = new double[units];
        for (int i = 0; i < z.Length; i++) mean[i % units] += z[i] / rows;
        for (int i = 0; i < z.Length; i++) variance[i % units] += Math.Pow(z[i] - mean[i % units], 2) / rows;
        return (mean, variance);
    }

    /// <summary>γ·(z − μ)/√(σ² + ε) + β.</summary>
    public static double[] Normalize(double[] z, double[] mean, double[] variance, double[] gamma, double[] beta, double epsilon)
    {
        int units = gamma.Length;
        return [.. z.Select((value, i) => Normalized(value, i % units))];

        double Normalized(double value, int j) => gamma[j] * (value - mean[j]) / Math.Sqrt(variance[j] + epsilon) + beta[j];
    }

    /// <summary>max(0, x).</summary>
    public static double[] Rectify(double[] x) => Array.ConvertAll(x, value => Math.Max(0, value));

    /// <summary>Value by value a · b.</summary>
    public static double[] Multiply(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x * y)];

    /// <summary>Σ a·b, a loss whose gradient with respect to b is a.</summary>
    public static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}

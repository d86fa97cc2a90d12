namespace BinaryConnect.KernelChecks;

internal static class AdamUpdateChecks
{
    // Inputs are at most 1 in magnitude; with and without fused instructions each result is some five roundings of 2⁻²⁴ away.
    private const float Tolerance = 1e-6f;

    private static readonly AdamUpdate.Coefficients Coefficients =
        new(Rate: 0.03f, NewMean: 0.1f, NewVariance: 0.25f, VarianceCorrection: 1.7f, Epsilon: 0.05f);

    private static readonly GuardedMemory<float> Value = new(256), Gradient = new(256), Mean = new(256), Variance = new(256);

    public static void Run(Report report) => report.Kernel("AdamUpdate.Apply", Apply);

    private static string? Apply(Form form, Side side)
    {
        string? fault = null;
        for (int length = 0; length <= 256; length++)
        {
            float[] value = KernelInputs.Uniform(length, seed: 1), gradient = KernelInputs.Uniform(length, seed: 2);
            float[] mean = KernelInputs.Uniform(length, seed: 3), variance = Array.ConvertAll(KernelInputs.Uniform(length, seed: 4), Math.Abs);
            Span<float> newValue = Value.Take(value, side), newMean = Mean.Take(mean, side), newVariance = Variance.Take(variance, side);
            Apply(form, newValue, Gradient.Take(gradient, side), newMean, newVariance, Coefficients);
            AdamUpdate.ApplyScalar(value, gradient, mean, variance, Coefficients);
            fault ??= Compare.Near(newValue, value, Tolerance, $"value of {length}")
                ?? Compare.Near(newMean, mean, Tolerance, $"mean of {length}")
                ?? Compare.Near(newVariance, variance, Tolerance, $"variance of {length}");
        }

        return fault;
    }

    private static void Apply(
        Form form, Span<float> value, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> variance, in AdamUpdate.Coefficients c)
    {
        switch (form)
        {
            case Form.Scalar: AdamUpdate.ApplyScalar(value, gradient, mean, variance, c); break;
            case Form.Lanes128: AdamUpdate.Apply<Vector128<float>, Lanes128>(value, gradient, mean, variance, c); break;
            case Form.Lanes256: AdamUpdate.Apply<Vector256<float>, Lanes256>(value, gradient, mean, variance, c); break;
            case Form.Lanes512: AdamUpdate.Apply<Vector512<float>, Lanes512>(value, gradient, mean, variance, c); break;
            default: AdamUpdate.Apply(value, gradient, mean, variance, c); break;
        }
    }
}

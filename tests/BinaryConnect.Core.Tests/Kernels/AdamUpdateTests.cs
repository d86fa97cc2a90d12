using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class AdamUpdateTests
{
    // All five differ, and all matter: to mix two of them up moves some result by far more than the tolerance.
    private static readonly AdamUpdate.Coefficients Coefficients =
        new(Rate: 0.03f, NewMean: 0.1f, NewVariance: 0.25f, VarianceCorrection: 1.7f, Epsilon: 0.05f);

    // Inputs are at most 1 in magnitude; each result is some five roundings of 2⁻²⁴ away from the exact one.
    private const double Tolerance = 5e-7;

    [Test]
    public void One_step_moves_value_mean_and_variance_at_every_length([Values] Form form)
    {
        for (int length = 0; length <= 256; length++)
        {
            var value = new FencedBuffer(KernelInputs.Uniform(length, seed: 1));
            var gradient = new FencedBuffer(KernelInputs.Uniform(length, seed: 2));
            var mean = new FencedBuffer(KernelInputs.Uniform(length, seed: 3));
            var variance = new FencedBuffer([.. KernelInputs.Uniform(length, seed: 4).Select(Math.Abs)]);
            float[] oldValue = value.Span.ToArray(), oldGradient = gradient.Span.ToArray();
            float[] oldMean = mean.Span.ToArray(), oldVariance = variance.Span.ToArray();

            Apply(form, value, gradient, mean, variance, Coefficients);

            for (int i = 0; i < length; i++)
            {
                double g = oldGradient[i];
                double m = oldMean[i] + 0.1 * (g - oldMean[i]);
                double v = oldVariance[i] + 0.25 * (g * g - oldVariance[i]);
                double updated = oldValue[i] - 0.03 * m / (Math.Sqrt(v * 1.7) + 0.05);
                if (Math.Abs(mean.Span[i] - m) > Tolerance) Assert.Fail($"mean {i} of {length}: {mean.Span[i]} for {m}");
                if (Math.Abs(variance.Span[i] - v) > Tolerance) Assert.Fail($"variance {i} of {length}: {variance.Span[i]} for {v}");
                if (Math.Abs(value.Span[i] - updated) > Tolerance) Assert.Fail($"value {i} of {length}: {value.Span[i]} for {updated}");
            }

            Assert.That(gradient.Span.ToArray(), Is.EqualTo(oldGradient), "the gradient is only read");
            foreach (FencedBuffer buffer in new[] { value, gradient, mean, variance }) buffer.AssertFencesStand($"length {length}");
        }
    }

    [Test]
    public void A_zero_gradient_from_rest_moves_nothing([Values] Form form)
    {
        float[] value = [.. KernelInputs.Uniform(33, seed: 1)], before = [.. value];
        float[] mean = new float[33], variance = new float[33];

        Apply(form, value, new float[33], mean, variance, Coefficients);

        Assert.That(value, Is.EqualTo(before));
        Assert.That(mean.Concat(variance), Is.All.Zero);
    }

    [Test]
    public void NaN_in_one_gradient_stays_in_its_place([Values] Form form)
    {
        float[] value = new float[33], gradient = new float[33], mean = new float[33], variance = new float[33];
        gradient[17] = float.NaN;

        Apply(form, value, gradient, mean, variance, Coefficients);

        Assert.That(Enumerable.Range(0, 33).Where(i => float.IsNaN(value[i])), Is.EqualTo(new[] { 17 }));
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

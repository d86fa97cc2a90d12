using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class ExponentialTests
{
    // Relative, as the documentation says.
    private const double Bound = 1.0 / (1 << 22);

    // Evenly through the range, then every binade below 2.
    [Test]
    public void The_exponential_of_a_difference_is_near_the_exact_one(
        [Values(Form.Scalar, Form.Lanes128, Form.Lanes256, Form.Lanes512)] Form form)
    {
        float[] x =
        [
            .. Enumerable.Range(0, 1 << 18).Select(i => -i / 4096f),
            .. Enumerable.Range(0, 1 << 10).Select(i => -MathF.ScaleB(1 + i / 1024f, -i % 40)),
        ];
        float[] results = [.. x];

        ExponentialForms.OfDifferences(form, results);

        for (int i = 0; i < x.Length; i++)
        {
            double expected = x[i] < -64 ? 0 : Math.Exp(x[i]);
            Assert.That(results[i], Is.EqualTo(expected).Within(Bound * expected), $"{x[i]:R}");
        }
    }

    [Test]
    public void Zeros_give_1_what_is_negligible_0_and_NaN_stays_NaN(
        [Values(Form.Scalar, Form.Lanes128, Form.Lanes256, Form.Lanes512)] Form form)
    {
        float[] x =
        [
            0, -0f, -64, MathF.BitDecrement(-64), -88, -1e30f, float.MinValue, float.NegativeInfinity, -float.Epsilon, -1e-38f,
            -1, -1, -1, -1, float.NaN, -float.NaN,
        ];
        float e64 = (float)Math.Exp(-64), e1 = (float)Math.Exp(-1);
        float[] expected = [1, 1, e64, 0, 0, 0, 0, 0, 1, 1, e1, e1, e1, e1];

        ExponentialForms.OfDifferences(form, x);

        for (int i = 0; i < expected.Length; i++)
            Assert.That(x[i], Is.EqualTo(expected[i]).Within(Bound * expected[i]), $"value {i}");
        Assert.That(x[expected.Length..], Is.All.NaN);
    }
}

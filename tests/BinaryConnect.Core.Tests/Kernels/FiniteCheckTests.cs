using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class FiniteCheckTests
{
    [Test]
    public void Every_form_finds_what_is_not_finite_wherever_it_stands([Values] Form form)
    {
        for (int length = 0; length <= 256; length++)
        {
            var values = new FencedBuffer(Enumerable.Repeat(float.MaxValue, length).ToArray());
            Assert.That(FiniteCheckForms.All(form, values), Is.True, $"length {length}");
            for (int at = 0; at < length; at += Math.Max(1, length / 9))
            {
                foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
                {
                    values.Span[at] = bad;
                    if (FiniteCheckForms.All(form, values)) Assert.Fail($"{bad} at {at} of {length}");
                }

                values.Span[at] = -0f;
            }
        }
    }

    [Test]
    public void With_a_factor_every_form_finds_what_the_factor_makes_infinite([Values] Form form)
    {
        const float Factor = 1L << 40, Most = float.MaxValue / Factor;
        for (int length = 1; length <= 256; length++)
        {
            var values = new FencedBuffer(Enumerable.Repeat(Most, length).ToArray());
            Assert.That(FiniteCheckForms.All(form, values, Factor), Is.True, $"length {length}");
            for (int at = 0; at < length; at += Math.Max(1, length / 9))
            {
                foreach (float bad in new[] { MathF.BitIncrement(Most), -float.MaxValue, float.NaN })
                {
                    values.Span[at] = bad;
                    if (FiniteCheckForms.All(form, values, Factor)) Assert.Fail($"{bad} at {at} of {length}");
                }

                values.Span[at] = -Most;
            }
        }
    }
}

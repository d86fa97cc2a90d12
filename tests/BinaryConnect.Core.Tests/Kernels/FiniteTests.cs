using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class FiniteTests
{
    [Test]
    public void Every_form_finds_what_is_not_finite_wherever_it_stands([Values] Form form)
    {
        for (int length = 0; length <= 256; length++)
        {
            var values = new FencedBuffer(Enumerable.Repeat(float.MaxValue, length).ToArray());
            Assert.That(All(form, values), Is.True, $"length {length}");
            for (int at = 0; at < length; at += Math.Max(1, length / 9))
            {
                foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
                {
                    values.Span[at] = bad;
                    if (All(form, values)) Assert.Fail($"{bad} at {at} of {length}");
                }

                values.Span[at] = -0f;
            }
        }
    }

    private static bool All(Form form, ReadOnlySpan<float> values) => form switch
    {
        Form.Scalar => Finite.AllScalar(values),
        Form.Lanes128 => Finite.All<Vector128<float>, Lanes128>(values),
        Form.Lanes256 => Finite.All<Vector256<float>, Lanes256>(values),
        Form.Lanes512 => Finite.All<Vector512<float>, Lanes512>(values),
        _ => Finite.All(values),
    };
}

using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class DropoutMaskTests
{
    [Test]
    public void Values_below_the_rate_become_0_and_others_the_factor_at_every_length(
        [Values] Form form, [Values(0.5f, 0.1f, 1e-7f)] float rate)
    {
        float[] edges = [rate, MathF.BitDecrement(rate), MathF.BitIncrement(rate), 0, MathF.BitDecrement(1)];
        for (int length = 0; length <= 256; length++)
        {
            var values = new FencedBuffer(Numbers.Uniform(length, length, 0, 1));
            for (int i = length % 3; i < length; i += 3) values.Span[i] = edges[i % edges.Length];
            float[] expected = Array.ConvertAll(values.Span.ToArray(), value => value < rate ? 0 : 1.25f);

            DropoutMaskForms.Make(form, values, rate, 1.25f);

            Assert.That(values.Span.ToArray(), Is.EqualTo(expected), $"length {length}");
            values.AssertFencesStand($"length {length}");
        }
    }
}

using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class FlushToZeroTests
{
    [Test]
    public void A_velocity_is_momentum_and_gradient_until_it_is_below_the_bound([Values] Form form)
    {
        const float Momentum = 0.5f;
        float bound = MathF.ScaleB(1, -100);
        (float Velocity, float Gradient, float Expected)[] cases =
        [
            (3, -1, 0.5f), (2 * bound, 0, bound), (-2 * bound, 0, -bound), (2 * MathF.BitDecrement(bound), 0, 0), (-bound, 0, 0),
            (0, bound, bound), (0, -bound / 2, 0),
            (0, float.Epsilon, 0), (float.NaN, 0, float.NaN), (0, float.PositiveInfinity, float.PositiveInfinity),
        ];
        for (int length = 0; length <= 70; length++)
        {
            (float Velocity, float Gradient, float Expected)[] some =
                [.. Enumerable.Range(length, length).Select(i => cases[i % cases.Length])];
            var velocity = new FencedBuffer([.. some.Select(one => one.Velocity)]);

            FlushToZeroForms.Decay(form, velocity, Momentum, some.Select(one => one.Gradient).ToArray());

            Assert.That(velocity.Span.ToArray(), Is.EqualTo(some.Select(one => one.Expected)), $"length {length}");
            velocity.AssertFencesStand($"length {length}");
        }
    }
}

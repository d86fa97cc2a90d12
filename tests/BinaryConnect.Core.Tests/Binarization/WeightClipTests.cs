using BinaryConnect.Binarization;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Binarization;

internal sealed class WeightClipTests
{
    [Test]
    public void Weights_beyond_the_bound_come_back_to_it_and_the_others_stay()
    {
        float[] weights =
        [
            0.5f, -0.5f, 0, -0f, 1, -1, 1.0000001f, -1.0000001f, 7, -7, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
        ];

        WeightClip.Clip(weights);

        float[] expected = [0.5f, -0.5f, 0, -0f, 1, -1, 1, -1, 1, -1, 1, -1, float.NaN];
        Assert.That(Numbers.Bits(weights), Is.EqualTo(Numbers.Bits(expected)));
    }

    [TestCase(0.25f)]
    [TestCase(3f)]
    public void The_bound_is_what_it_is_told_at_every_length(float bound)
    {
        for (int length = 0; length <= 256; length++)
        {
            float[] before = KernelInputs.Uniform(length, seed: length, bound: 5);
            var weights = new FencedBuffer(before);

            WeightClip.Clip(weights, bound);

            Assert.That(
                weights.Span.ToArray(), Is.EqualTo(before.Select(weight => Math.Min(Math.Max(weight, -bound), bound))),
                $"length {length}");
            weights.AssertFencesStand($"length {length}");
        }
    }

    [Test]
    public void The_bound_must_be_positive_and_finite_and_nothing_is_changed_before()
    {
        foreach (float bound in new[] { 0, -0f, -1, float.NaN, float.PositiveInfinity })
        {
            float[] weights = [5];

            Assert.That(
                () => WeightClip.Clip(weights, bound),
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                    $"'bound' is {bound}; it must be positive and finite. (Parameter 'bound')"));
            Assert.That(weights[0], Is.EqualTo(5));
        }
    }
}

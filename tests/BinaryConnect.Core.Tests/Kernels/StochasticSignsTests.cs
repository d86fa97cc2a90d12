using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class StochasticSignsTests
{
    private const ulong Draw = 3, Seed = 0xFEDCBA98_76543210;

    private static readonly float[] Edges =
        [0, -0f, float.Epsilon, -float.Epsilon, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, 1, -1];

    [Test]
    public void Each_weight_is_compared_with_its_own_number_at_every_length(
        [Values] Form form, [Values(1f, 0.75f, 3f, 1e-40f, float.MaxValue)] float bound)
    {
        foreach (int length in Enumerable.Range(0, 300).Append(511).Append(513))
        {
            var weights = new FencedBuffer(KernelInputs.Uniform(length, seed: length, bound));
            for (int i = length % 3; i < length; i += 5) weights.Span[i] = Edges[i % Edges.Length];
            float[] expected = RandomSigns.Binarize(weights, bound, Draw, Seed);
            var destination = new FencedBuffer(length);

            StochasticSignsForms.Binarize(form, weights, bound, Draw, Seed, destination);

            Assert.That(destination.Span.SequenceEqual(expected), Is.True, $"length {length}");
            destination.AssertFencesStand($"length {length}");

            StochasticSignsForms.Binarize(form, weights, bound, Draw, Seed, weights);

            Assert.That(weights.Span.SequenceEqual(expected), Is.True, $"length {length}, in place");
        }
    }

    // Weights whose probability is the 16 bits drawn, or just off: the bits after them decide.
    [Test]
    public void Bits_that_come_after_decide_where_sixteen_do_not([Values] Form form, [Values(1f, 0.75f, 3f)] float bound)
    {
        const int Length = 3_001;
        float[] weights = new float[Length], actual = new float[Length];
        int decided = 0;
        for (int i = 0; i < Length; i++)
        {
            int half = RandomSigns.HalfWord(i, Draw, Seed);
            double fraction = (i % 5) switch { 0 => 0, 1 => RandomSigns.Fraction(i, Draw, Seed), 2 => 0.25, 3 => 0.75, _ => 1 };
            weights[i] = (float)((half + fraction) / 32_768 * bound);
        }

        StochasticSignsForms.Binarize(form, weights, bound, Draw, Seed, actual);

        float[] expected = RandomSigns.Binarize(weights, bound, Draw, Seed);
        for (int i = 0; i < Length; i++) decided += i % 5 is 2 or 3 && expected[i] > 0 ? 1 : 0;
        Assert.That(actual.AsSpan().SequenceEqual(expected), Is.True);
        Assert.That(decided, Is.InRange(2 * Length / 5 * 0.4, 2 * Length / 5 * 0.6), "a quarter of one kind and three quarters of the other");
    }
}

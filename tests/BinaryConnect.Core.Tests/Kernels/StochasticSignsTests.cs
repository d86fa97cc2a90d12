using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class StochasticSignsTests
{
    private const ulong Draw = 3, Seed = 0xFEDCBA98_76543210;

    private static readonly float[] Edges =
    [
        0, -0f, float.Epsilon, -float.Epsilon, float.NaN, float.PositiveInfinity, float.NegativeInfinity,
        float.MaxValue, float.MinValue, 1, -1,
    ];

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

    [Test]
    public void Parts_give_what_the_whole_gives([Values] Form form, [Values(256, 512, 1_024)] int partLength)
    {
        const int Length = 3_001;
        float[] weights = KernelInputs.Uniform(Length, seed: 1), expected = RandomSigns.Binarize(weights, 1, Draw, Seed);
        var destination = new FencedBuffer(Length);

        for (int first = 0; first < Length; first += partLength)
        {
            int length = Math.Min(partLength, Length - first);
            StochasticSignsForms.Binarize(
                form, weights.AsSpan(first, length), 1, first, Draw, Seed, destination.Span.Slice(first, length));
        }

        Assert.That(destination.Span.SequenceEqual(expected), Is.True);
        destination.AssertFencesStand("in parts");
    }

    // A part at an offset at which a whole layer would be too large for a test.
    [TestCase(1 << 20)]
    [TestCase((1 << 30) - 256)]
    public void A_part_far_from_the_start_has_its_own_numbers(int first)
    {
        float[] weights = KernelInputs.Uniform(400, seed: 1), expected = new float[400], actual = new float[400];
        for (int i = 0; i < expected.Length; i++)
        {
            double below = RandomSigns.HalfWord(first + i, Draw, Seed) + RandomSigns.Fraction(first + i, Draw, Seed);
            expected[i] = below < 32_768.0 * weights[i] ? 1 : -1;
        }

        foreach (Form form in Enum.GetValues<Form>())
        {
            StochasticSignsForms.Binarize(form, weights, 1, first, Draw, Seed, actual);
            Assert.That(actual, Is.EqualTo(expected), $"{form}");
        }
    }

    // The first 16 random bits equal the probability of these weights, or nearly so: the bits after them decide.
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
        Assert.That(
            decided, Is.InRange(2 * Length / 5 * 0.4, 2 * Length / 5 * 0.6),
            "a quarter of one kind and three quarters of the other");
    }
}

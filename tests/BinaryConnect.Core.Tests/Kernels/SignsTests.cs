using System.Runtime.Intrinsics;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class SignsTests
{
    private static readonly float[] Edges =
    [
        0, -0f, 1, -1, 0.5f, -0.5f, float.Epsilon, -float.Epsilon, float.NaN, -float.NaN,
        float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, 0.25f, -0.25f, -3,
    ];

    [Test]
    public void Binarize_gives_the_bound_with_each_weights_sign_at_every_length([Values] Form form)
    {
        for (int length = 0; length <= 256; length++)
        {
            var weights = new FencedBuffer(Cycle(length));
            var destination = new FencedBuffer(length);

            SignsForms.Binarize(form, weights, 0.5f, destination);

            Assert.That(Numbers.Bits(destination), Is.EqualTo(Numbers.Bits(Expected(weights, 0.5f))), $"length {length}");
            destination.AssertFencesStand($"length {length}");
            Assert.That(Numbers.Bits(weights), Is.EqualTo(Numbers.Bits(Cycle(length))), "weights are only read");
        }
    }

    [Test]
    public void Binarize_works_in_place([Values] Form form)
    {
        for (int length = 0; length <= 70; length++)
        {
            var weights = new FencedBuffer(Cycle(length));
            float[] expected = Expected(weights, 2);

            SignsForms.Binarize(form, weights, 2, weights);

            Assert.That(weights.Span.ToArray(), Is.EqualTo(expected), $"length {length}");
            weights.AssertFencesStand($"length {length}");
        }
    }

    // Differences are multiples of 1/64, so every sum is exact in whatever order.
    [Test]
    public void Compare_counts_flips_and_sums_changes_at_every_length([Values] Form form)
    {
        for (int length = 0; length <= 256; length++)
        {
            float[] before = [.. KernelInputs.Whole(length, seed: length, bound: 3).Select(value => value / 64)];
            float[] after = [.. KernelInputs.Whole(length, seed: 1_000 + length, bound: 3).Select(value => value / 64)];
            int flips = before.Zip(after).Count(pair => pair.First < 0 != pair.Second < 0);
            double l1 = before.Zip(after).Sum(pair => Math.Abs((double)pair.Second - pair.First));

            Assert.That(
                SignsForms.Compare(form, new FencedBuffer(before), new FencedBuffer(after)), Is.EqualTo((flips, l1)),
                $"length {length}");
        }
    }

    [Test]
    public void Compare_takes_both_zeros_and_NaN_as_positive([Values] Form form)
    {
        float[] before = new float[40], after = new float[40];
        for (int i = 0; i < 40; i++)
        {
            before.AsSpan().Clear();
            after.AsSpan().Clear();
            before[i] = -0f;
            Assert.That(SignsForms.Compare(form, before, after), Is.EqualTo((0, 0.0)), $"−0 to 0 at {i}");
            after[i] = -float.Epsilon;
            Assert.That(
                SignsForms.Compare(form, before, after), Is.EqualTo((1, (double)float.Epsilon)),
                $"−0 to the first below 0 at {i}");
            Assert.That(SignsForms.Compare(form, after, before).Flips, Is.EqualTo(1), $"and back at {i}");
            before[i] = 5;
            after[i] = -float.NaN;
            (int flips, double l1) = SignsForms.Compare(form, before, after);
            Assert.That(flips, Is.Zero, $"5 to NaN at {i}");
            Assert.That(l1, Is.NaN, $"5 to NaN at {i}");
        }
    }

    // A float sum of 2²⁴ absorbs further ones. Only the first 4,096 values, in the one lane that holds 2²⁴, may suffer.
    [Test]
    public void Compare_sums_many_values_without_losing_the_small_ones([Values] Form form)
    {
        const int Block = 4096;
        float[] after = new float[16 * Block + 3];
        Array.Fill(after, 1);
        after[0] = 1 << 24;
        int narrowest = Vector128<float>.Count;

        double l1 = SignsForms.Compare(form, new float[after.Length], after).L1;

        Assert.That(l1, Is.EqualTo((1 << 24) + after.Length - 1).Within(Block / narrowest + 2));
    }

    private static float[] Cycle(int length) => [.. Enumerable.Range(0, length).Select(i => Edges[(i + length) % Edges.Length])];

    private static float[] Expected(ReadOnlySpan<float> weights, float bound)
    {
        float[] expected = new float[weights.Length];
        for (int i = 0; i < expected.Length; i++) expected[i] = weights[i] < 0 ? -bound : bound;
        return expected;
    }
}

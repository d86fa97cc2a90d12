using BinaryConnect.Binarization;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Binarization;

internal sealed class StochasticBinarizerTests
{
    // Five standard errors of a frequency in that many draws, √(p (1 − p) / n); 0 where p is 0 or 1.
    [Test]
    public void Weights_become_positive_as_often_as_the_hard_sigmoid_says(
        [Values(-2f, -1f, -0.75f, -0.1f, -0f, 0f, 0.3f, 0.5f, 0.99f, 1f, 2f)] float share, [Values(1f, 0.25f, 3f)] float bound)
    {
        const int Draws = 200_000;
        float[] weights = new float[Draws], binary = new float[Draws];
        Array.Fill(weights, share * bound);

        new StochasticBinarizer(1234).Binarize(weights, binary, bound);

        double p = Math.Clamp((share + 1.0) / 2, 0, 1);
        Assert.That(binary.Select(Math.Abs), Is.All.EqualTo(bound));
        Assert.That(binary.Count(value => value > 0) / (double)Draws, Is.EqualTo(p).Within(5 * Math.Sqrt(p * (1 - p) / Draws)));
    }

    [TestCase(1f)]
    [TestCase(0.1f)]
    [TestCase(3f)]
    public void A_weight_at_the_bound_or_beyond_always_keeps_its_sign(float bound)
    {
        float[] weights = [bound, -bound, bound * 2, -bound * 2, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        float[] binary = new float[7];
        var binarizer = new StochasticBinarizer(1);

        for (int draw = 0; draw < 10_000; draw++)
        {
            binarizer.Binarize(weights, binary, bound);
            if (!binary.AsSpan().SequenceEqual([bound, -bound, bound, -bound, bound, -bound, -bound]))
                Assert.Fail($"draw {draw}: {string.Join(' ', binary)}");
        }
    }

    // By the definition, at lengths around the groups of 256 in which it draws.
    [TestCase(1, 1)]
    [TestCase(255, 2)]
    [TestCase(256, 3)]
    [TestCase(257, -4)]
    [TestCase(1_030, int.MinValue)]
    public void Each_weight_is_compared_with_its_own_number_of_the_calls_own_stream(int length, int seed)
    {
        float[] weights = KernelInputs.Uniform(length, seed: 5);
        var binary = new FencedBuffer(length);
        var binarizer = new StochasticBinarizer(seed);

        for (ulong draw = 0; draw < 3; draw++)
        {
            binarizer.Binarize(weights, binary, 0.75f);

            Assert.That(
                binary.Span.ToArray(), Is.EqualTo(RandomSigns.Binarize(weights, 0.75f, draw, (ulong)seed)), $"draw {draw}");
            binary.AssertFencesStand($"draw {draw}");
        }
    }

    // Where the number drawn is the probability itself, the weight is not positive: u < p is strict.
    [Test]
    public void A_number_equal_to_the_probability_gives_a_negative_weight()
    {
        float[] weights = new float[1_000], binary = new float[1_000];
        for (int i = 0; i < weights.Length; i++) weights[i] = RandomSigns.HalfWord(i, draw: 0, seed: 7) / 32_768f;

        new StochasticBinarizer(7).Binarize(weights, binary);

        Assert.That(binary, Is.All.EqualTo(-1f));
    }

    [Test]
    public void The_same_seed_gives_the_same_draws_call_by_call_and_each_call_draws_afresh()
    {
        StochasticBinarizer first = new(7), second = new(7), other = new(8);

        float[] one = Draw(first), two = Draw(first);

        Assert.That(Draw(second), Is.EqualTo(one));
        Assert.That(Draw(second), Is.EqualTo(two));
        Assert.That(two, Is.Not.EqualTo(one));
        Assert.That(Draw(other), Is.Not.EqualTo(one));
    }

    [Test]
    public void Draws_counts_the_calls_and_can_be_set_to_go_on()
    {
        var binarizer = new StochasticBinarizer(7);
        Assert.That(binarizer.Draws, Is.Zero);
        Draw(binarizer);
        Draw(binarizer);
        float[] third = Draw(binarizer);
        Assert.That(binarizer.Draws, Is.EqualTo(3));

        var resumed = new StochasticBinarizer(7) { Draws = 2 };

        Assert.That(Draw(resumed), Is.EqualTo(third));
        Assert.That(resumed.Draws, Is.EqualTo(3));
    }

    [Test]
    public void Draws_is_a_count_that_does_not_overflow([Values(-1, 72057594037927936L, long.MaxValue)] long draws)
    {
        var binarizer = new StochasticBinarizer(7) { Draws = 5 };

        Assert.That(
            () => binarizer.Draws = draws,
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.EqualTo($"'Draws' is {draws}; it must be from 0 to 72,057,594,037,927,935. (Parameter 'Draws')"));
        Assert.That(binarizer.Draws, Is.EqualTo(5));
        binarizer.Draws = 0;
        Assert.That(binarizer.Draws, Is.Zero);
    }

    [Test]
    public void A_refused_call_draws_nothing()
    {
        var binarizer = new StochasticBinarizer(7);

        Assert.That(() => binarizer.Binarize([1], new float[2]), Throws.ArgumentException);
        Assert.That(() => binarizer.Binarize([1], new float[1], 0), Throws.TypeOf<ArgumentOutOfRangeException>());

        Assert.That(binarizer.Draws, Is.Zero);
    }

    [Test]
    public void It_works_in_place()
    {
        float[] weights = KernelInputs.Uniform(600, seed: 5), apart = new float[600];
        new StochasticBinarizer(7).Binarize(weights, apart);

        new StochasticBinarizer(7).Binarize(weights, weights);

        Assert.That(weights, Is.EqualTo(apart));
    }

    [Test]
    public void In_inference_it_gives_the_signs_and_draws_nothing()
    {
        var binarizer = new StochasticBinarizer(7);
        float[] binary = new float[4];

        binarizer.ForInference.Binarize([0.01f, -0.01f, 0, -0f], binary);

        Assert.That(binarizer.ForInference, Is.TypeOf<DeterministicBinarizer>());
        Assert.That(binary, Is.EqualTo(new float[] { 1, -1, 1, 1 }));
        Assert.That(binarizer.Draws, Is.Zero);
    }

    [Test]
    public void A_call_allocates_nothing()
    {
        var binarizer = new StochasticBinarizer(7);
        float[] weights = new float[1_000];

        Assert.That(Allocations.OfSecondCall(() => binarizer.Binarize(weights, weights)), Is.Zero);
    }

    private static float[] Draw(StochasticBinarizer binarizer)
    {
        float[] binary = new float[100];
        binarizer.Binarize(new float[100], binary);
        return binary;
    }
}

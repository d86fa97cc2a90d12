using BinaryConnect.Binarization;

namespace BinaryConnect.Tests.Binarization;

/// <summary>Rules for every binarizer, of the library or user-defined.</summary>
internal sealed class IBinarizerTests
{
    private static IBinarizer[] All() => [new DeterministicBinarizer(), new StochasticBinarizer(1), new IdentityBinarizer()];

    [TestCaseSource(nameof(All))]
    public void Lengths_must_agree(IBinarizer binarizer)
    {
        float[] weights = new float[7_840];

        Assert.That(
            () => binarizer.Binarize(weights, new float[3]),
            Throws.ArgumentException.With.Message.EqualTo(
                "'destination' has length 3; it must have the length of 'weights', 7,840. (Parameter 'destination')"));
        Assert.That(
            () => binarizer.Binarize(weights, new float[7_841]),
            Throws.ArgumentException.With.Message.EqualTo(
                "'destination' has length 7,841; it must have the length of 'weights', 7,840. (Parameter 'destination')"));
    }

    [TestCaseSource(nameof(All))]
    public void Spans_that_overlap_in_part_are_refused_and_nothing_is_changed(IBinarizer binarizer)
    {
        float[] memory = [0.1f, 0.2f, 0.3f, 0.4f], before = [.. memory];
        const string Expected =
            "'destination' partly overlaps 'weights'; the two must be apart or the same. (Parameter 'destination')";

        Assert.That(
            () => binarizer.Binarize(memory.AsSpan(0, 3), memory.AsSpan(1, 3)),
            Throws.ArgumentException.With.Message.EqualTo(Expected));
        Assert.That(
            () => binarizer.Binarize(memory.AsSpan(1, 3), memory.AsSpan(0, 3)),
            Throws.ArgumentException.With.Message.EqualTo(Expected));
        Assert.That(memory, Is.EqualTo(before));
    }

    [TestCaseSource(nameof(All))]
    public void Neighbouring_spans_are_apart(IBinarizer binarizer)
    {
        float[] memory = [1, -1, 0, 0];

        binarizer.Binarize(memory.AsSpan(0, 2), memory.AsSpan(2, 2));

        Assert.That(memory, Is.EqualTo(new float[] { 1, -1, 1, -1 }));
    }

    [TestCaseSource(nameof(All))]
    public void The_bound_must_be_positive_and_finite(IBinarizer binarizer)
    {
        foreach (float bound in new[] { 0, -0f, -1, float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            Assert.That(
                () => binarizer.Binarize([1], new float[1], bound),
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                    $"'bound' is {bound}; it must be positive and finite. (Parameter 'bound')"));
        }

        Assert.That(() => binarizer.Binarize([1], new float[1], float.Epsilon), Throws.Nothing);
        Assert.That(() => binarizer.Binarize([1], new float[1], float.MaxValue), Throws.Nothing);
    }

    [TestCaseSource(nameof(All))]
    public void No_weights_are_no_fault(IBinarizer binarizer) => Assert.That(() => binarizer.Binarize([], []), Throws.Nothing);

    [Test]
    public void A_users_binarizer_takes_its_own_place_in_inference()
    {
        IBinarizer own = new Ternary();

        Assert.That(own.ForInference, Is.SameAs(own));
    }

    private sealed class Ternary : IBinarizer
    {
        public void Binarize(ReadOnlySpan<float> weights, Span<float> destination, float bound = 1)
        {
            for (int i = 0; i < weights.Length; i++) destination[i] = MathF.Round(weights[i] / bound) * bound;
        }
    }
}

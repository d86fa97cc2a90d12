using BinaryConnect.Binarization;

namespace BinaryConnect.Tests.Binarization;

internal sealed class DeterministicBinarizerTests
{
    private static readonly float[] Weights =
    [
        0.3f, -0.3f, 0, -0f, 1, -1, 2, -2, float.Epsilon, -float.Epsilon, float.NaN, float.PositiveInfinity,
        float.NegativeInfinity,
    ];

    private static readonly float[] Signs = [1, -1, 1, 1, 1, -1, 1, -1, 1, -1, 1, 1, -1];

    [Test]
    public void Every_weight_becomes_its_sign_and_zero_and_NaN_are_positive()
    {
        float[] binary = new float[Weights.Length];

        new DeterministicBinarizer().Binarize(Weights, binary);

        Assert.That(binary, Is.EqualTo(Signs));
    }

    [TestCase(0.25f)]
    [TestCase(3f)]
    public void The_bound_is_the_magnitude(float bound)
    {
        float[] binary = new float[Weights.Length];

        new DeterministicBinarizer().Binarize(Weights, binary, bound);

        Assert.That(binary, Is.EqualTo(Signs.Select(sign => sign * bound)));
    }

    [Test]
    public void It_works_in_place()
    {
        float[] weights = [.. Weights];

        new DeterministicBinarizer().Binarize(weights, weights);

        Assert.That(weights, Is.EqualTo(Signs));
    }

    [Test]
    public void It_stays_in_its_place_in_inference()
    {
        IBinarizer binarizer = new DeterministicBinarizer();

        Assert.That(binarizer.ForInference, Is.SameAs(binarizer));
    }
}

using BinaryConnect.Binarization;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Binarization;

internal sealed class IdentityBinarizerTests
{
    private static readonly float[] Weights = [0.3f, -0.3f, 0, -0f, 1, -1, 200, -200, float.NaN, float.PositiveInfinity];

    [TestCase(1f)]
    [TestCase(0.25f)]
    public void Weights_pass_as_they_are_whatever_the_bound(float bound)
    {
        float[] propagated = new float[Weights.Length];

        new IdentityBinarizer().Binarize(Weights, propagated, bound);

        Assert.That(Numbers.Bits(propagated), Is.EqualTo(Numbers.Bits(Weights)));
    }

    [Test]
    public void It_works_in_place()
    {
        float[] weights = [.. Weights];

        new IdentityBinarizer().Binarize(weights, weights);

        Assert.That(Numbers.Bits(weights), Is.EqualTo(Numbers.Bits(Weights)));
    }

    [Test]
    public void It_stays_in_its_place_in_inference()
    {
        IBinarizer binarizer = new IdentityBinarizer();

        Assert.That(binarizer.ForInference, Is.SameAs(binarizer));
    }
}

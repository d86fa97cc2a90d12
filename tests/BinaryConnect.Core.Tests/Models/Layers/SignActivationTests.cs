using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models.Layers;

internal sealed class SignActivationTests
{
    [Test]
    public void Outputs_are_signs_and_that_of_0_is_plus() =>
        Assert.That(
            LayerRun.Forward(LayerRun.Built(new SignActivation(), 6), [1.5f, -1.5f, 0, -0f, float.NegativeInfinity, -1e-45f]),
            Is.EqualTo(new float[] { 1, -1, 1, 1, -1, -1 }));

    [TestCase(1, new float[] { 2, 3, 4, 0, 0 })]
    [TestCase(0.5f, new float[] { 0, 3, 0, 0, 0 })]
    [TestCase(8, new float[] { 2, 3, 4, 5, 0 })]
    public void The_gradient_passes_near_0(float passes, float[] expected)
    {
        SignActivation sign = LayerRun.Built(new SignActivation(passes), 5);
        float[] x = [1, -0.5f, -1, 1.0001f, float.NaN], y = LayerRun.Forward(sign, x);

        Assert.That(LayerRun.Backward(sign, x, y, [2, 3, 4, 5, 6]), Is.EqualTo(expected));
    }

    // The gradient is that of clamp(x, −r, r), whose differences are central.
    [TestCase(1, 1)]
    [TestCase(3, 50)]
    [TestCase(5, 129)]
    public void Gradients_are_those_of_a_clamp(int rows, int units)
    {
        float[] x = Numbers.Uniform(1, rows * units, -2, 2), g = Numbers.Uniform(2, rows * units);
        SignActivation sign = LayerRun.Built(new SignActivation(0.75f), units);
        float[] inputGradient = LayerRun.Backward(sign, x, LayerRun.Forward(sign, x), g);

        double[] wideX = Numbers.Doubles(x), wideG = Numbers.Doubles(g);
        double[] expected = Numbers.CentralDifferences(
            wideX, () => ReferenceLayers.Dot(wideG, Array.ConvertAll(wideX, value => Math.Clamp(value, -0.75, 0.75))));
        Assert.That(Numbers.LargestError(inputGradient, expected), Is.LessThan(1e-6));
    }

    [Test]
    public void The_gradient_may_be_overwritten_and_the_input_not()
    {
        SignActivation sign = LayerRun.Built(new SignActivation(), 100);
        float[] x = Numbers.Uniform(1, 300, -2, 2), g = Numbers.Uniform(2, 300), y = LayerRun.Forward(sign, x);
        float[] expected = LayerRun.Backward(sign, x, y, g);

        LayerRun.Backward(sign, x, y, g, g);

        Assert.That(sign.InPlace, Is.EqualTo(InPlace.Backward));
        Assert.That(g, Is.EqualTo(expected));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void A_bound_must_be_positive_and_finite(float passes) =>
        Assert.That(
            () => new SignActivation(passes),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith($"'passes' is {passes}"));
}

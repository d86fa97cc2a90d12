using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models.Layers;

internal sealed class LearnedScaleTests
{
    [TestCase(1, 1, 1f)]
    [TestCase(3, 50, 0.25f)]
    [TestCase(5, 129, 7.5f)]
    public void Gradients_agree_with_central_differences(int rows, int units, float initial)
    {
        float[] x = Numbers.Uniform(1, rows * units), g = Numbers.Uniform(2, rows * units);
        var scale = LayerRun.Built(new LearnedScale(initial), units);
        float[] y = LayerRun.Forward(scale, x), inputGradient = LayerRun.Backward(scale, x, y, g);

        double[] wideX = Numbers.Doubles(x), wideG = Numbers.Doubles(g), rho = [Math.Log(initial)];
        Func<double[]> outputs = () => Array.ConvertAll(wideX, value => Math.Exp(rho[0]) * value);
        Func<double> loss = () => ReferenceLayers.Dot(wideG, outputs());
        Assert.That(Numbers.RelativeError(y, outputs()), Is.LessThan(1e-6));
        Assert.That(Numbers.RelativeError(inputGradient, Numbers.CentralDifferences(wideX, loss)), Is.LessThan(1e-6));
        Assert.That(scale.LogScale!.Gradient[0], Is.EqualTo(Numbers.CentralDifferences(rho, loss)[0]).Within(1e-3).Percent);
    }

    [Test]
    public void Both_directions_work_in_place([Values(0, 1)] int seed)
    {
        float[] x = Numbers.Uniform(seed, 40), g = Numbers.Uniform(2, 40);
        var scale = LayerRun.Built(new LearnedScale(3), 10);
        float[] y = LayerRun.Forward(scale, x), inputGradient = LayerRun.Backward(scale, x, y, g);
        float gradient = scale.LogScale!.Gradient[0];

        LayerRun.Forward(scale, x, x);
        LayerRun.Backward(scale, x, x, g, g);

        Assert.That(x, Is.EqualTo(y));
        Assert.That(g, Is.EqualTo(inputGradient));
        Assert.That(scale.LogScale.Gradient[0], Is.EqualTo(gradient));
    }

    [TestCase(float.MaxValue)]
    [TestCase(1e38f)]
    [TestCase(1f)]
    [TestCase(float.Epsilon)]
    public void Every_initial_scale_that_is_taken_is_positive_and_finite(float initial)
    {
        var scale = LayerRun.Built(new LearnedScale(initial), 1);

        Assert.That(scale.Scale, Is.Positive.And.LessThan(float.PositiveInfinity));
        Assert.That(scale.Scale, Is.EqualTo(initial).Within(0.01).Percent);
    }

    [TestCase(0f)]
    [TestCase(-1f)]
    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void Other_initial_scales_are_refused(float initial) =>
        Assert.That(
            () => new LearnedScale(initial),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("'initial'"));
}

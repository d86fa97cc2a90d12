using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models.Layers;

internal sealed class ReluTests
{
    [Test]
    public void Outputs_are_the_inputs_above_0_and_0_else()
    {
        float[] y = LayerRun.Forward(
            LayerRun.Built(new Relu(), 7), [1.5f, -1.5f, 0, -0f, float.Epsilon, float.PositiveInfinity, float.NegativeInfinity]);

        Assert.That(y, Is.EqualTo(new[] { 1.5f, 0, 0, 0, float.Epsilon, float.PositiveInfinity, 0 }));
    }

    [Test]
    public void Nan_stays_nan_so_that_the_loss_tells() =>
        Assert.That(LayerRun.Forward(LayerRun.Built(new Relu(), 1), [float.NaN])[0], Is.NaN);

    [Test]
    public void The_gradient_passes_where_an_output_is_above_0()
    {
        Relu relu = LayerRun.Built(new Relu(), 3);
        float[] x = [2, -2, 0], y = LayerRun.Forward(relu, x);

        Assert.That(LayerRun.Backward(relu, x, y, [5, 6, 7]), Is.EqualTo(new float[] { 5, 0, 0 }));
    }

    [TestCase(1, 1)]
    [TestCase(3, 50)]
    [TestCase(5, 129)]
    public void Gradients_agree_with_central_differences(int rows, int units)
    {
        float[] x = Numbers.Uniform(1, rows * units), g = Numbers.Uniform(2, rows * units);
        var relu = LayerRun.Built(new Relu(), units);
        float[] y = LayerRun.Forward(relu, x), inputGradient = LayerRun.Backward(relu, x, y, g);

        double[] wideX = Numbers.Doubles(x), wideG = Numbers.Doubles(g);
        double[] expected = Numbers.CentralDifferences(wideX, () => ReferenceLayers.Dot(wideG, ReferenceLayers.Rectify(wideX)));
        Assert.That(Numbers.LargestError(inputGradient, expected), Is.LessThan(1e-6));
    }

    [Test]
    public void It_works_in_place_both_ways()
    {
        Relu relu = LayerRun.Built(new Relu(), 100);
        float[] x = Numbers.Uniform(1, 300), g = Numbers.Uniform(2, 300);
        float[] y = LayerRun.Forward(relu, x), inputGradient = LayerRun.Backward(relu, x, y, g);

        LayerRun.Forward(relu, x, x);
        LayerRun.Backward(relu, x, x, g, g);

        Assert.That(relu.InPlace.HasFlag(InPlace.Forward | InPlace.Backward), Is.True);
        Assert.That(x, Is.EqualTo(y));
        Assert.That(g, Is.EqualTo(inputGradient));
    }

    [Test]
    public void At_test_time_it_is_the_same()
    {
        float[] x = Numbers.Uniform(1, 30);

        Assert.That(
            LayerRun.Infer(LayerRun.Built(new Relu(), 10), x), Is.EqualTo(LayerRun.Forward(LayerRun.Built(new Relu(), 10), x)));
    }
}

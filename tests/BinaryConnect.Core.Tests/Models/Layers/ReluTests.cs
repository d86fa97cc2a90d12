using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models.Layers;

internal sealed class ReluTests
{
    [Test]
    public void Outputs_are_the_inputs_above_0_and_0_else()
    {
        float[] y = LayerRun.Forward(new Relu(7), [1.5f, -1.5f, 0, -0f, float.Epsilon, float.PositiveInfinity, float.NegativeInfinity]);

        Assert.That(y, Is.EqualTo(new[] { 1.5f, 0, 0, 0, float.Epsilon, float.PositiveInfinity, 0 }));
    }

    [Test]
    public void Nan_stays_nan_so_that_the_loss_tells() => Assert.That(LayerRun.Forward(new Relu(1), [float.NaN])[0], Is.NaN);

    [Test]
    public void The_gradient_passes_where_an_output_is_above_0()
    {
        ILayer relu = new Relu(3);
        float[] x = [2, -2, 0], y = LayerRun.Forward(relu, x);

        Assert.That(LayerRun.Backward(relu, x, y, [5, 6, 7]), Is.EqualTo(new float[] { 5, 0, 0 }));
    }

    [TestCase(1, 1)]
    [TestCase(3, 50)]
    [TestCase(5, 129)]
    public void Gradients_agree_with_central_differences(int rows, int units)
    {
        float[] x = Numbers.Uniform(1, rows * units), g = Numbers.Uniform(2, rows * units);
        var relu = new Relu(units);
        float[] y = LayerRun.Forward(relu, x), inputGradient = LayerRun.Backward(relu, x, y, g);

        double[] wideX = Numbers.Doubles(x), wideG = Numbers.Doubles(g);
        double[] expected = Numbers.CentralDifferences(wideX, () => ReferenceLayers.Dot(wideG, ReferenceLayers.Rectify(wideX)));
        Assert.That(Numbers.LargestError(inputGradient, expected), Is.LessThan(1e-6));
    }

    [Test]
    public void It_works_in_place_both_ways()
    {
        ILayer relu = new Relu(100);
        float[] x = Numbers.Uniform(1, 300), g = Numbers.Uniform(2, 300);
        float[] y = LayerRun.Forward(relu, x), inputGradient = LayerRun.Backward(relu, x, y, g);

        relu.Forward(x, x, 3);
        relu.Backward(x, x, g, g, 3);

        Assert.That(relu.WorksInPlace && relu.BackwardInPlace, Is.True);
        Assert.That(x, Is.EqualTo(y));
        Assert.That(g, Is.EqualTo(inputGradient));
    }

    // More values than one part has.
    [Test]
    public void Any_number_of_threads_gives_the_same([Values(1, 2, 3)] int threads)
    {
        ILayer relu = new Relu(1_001);
        relu.Workspace = new LayerWorkspace(threads, 1_001);
        float[] x = Numbers.Uniform(1, 70 * 1_001), g = Numbers.Uniform(2, x.Length);

        float[] y = LayerRun.Forward(relu, x);

        Assert.That(y.SequenceEqual(x.Select(value => Math.Max(0, value))), Is.True);
        Assert.That(LayerRun.Backward(relu, x, y, g).SequenceEqual(g.Zip(x, (gradient, value) => value > 0 ? gradient : 0)), Is.True);
    }

    [Test]
    public void At_test_time_it_is_the_same()
    {
        float[] x = Numbers.Uniform(1, 30);

        Assert.That(LayerRun.Infer(new Relu(10), x), Is.EqualTo(LayerRun.Forward(new Relu(10), x)));
    }
}

using BinaryConnect.Losses;

namespace BinaryConnect.Tests.Golden;

/// <summary>The first step of the multilayer network, whose loss and gradient PyTorch computed.</summary>
internal sealed class SquaredHingeGoldenTests
{
    private const double Tolerance = 1e-5;

    [Test]
    public void Loss_and_gradient_of_the_first_step_are_pytorch_s()
    {
        float[] logits = Array.ConvertAll(GoldenVectors.Doubles("mlp/output1.f64"), value => (float)value);
        float[] gradient = new float[logits.Length];
        double[] offsetGradient = GoldenVectors.Doubles("mlp/grad1-beta2.f64");
        int classes = offsetGradient.Length;
        int[] labels = GoldenVectors.Integers("mlp/y.i32")[..(logits.Length / classes)];
        double expected = GoldenVectors.MultilayerLosses("adam")[0];

        double loss = new SquaredHingeLoss().Compute(logits, labels, gradient);

        // The last layer adds an offset to each class, so the gradient of an offset is a sum of logit gradients over
        // rows.
        double[] sums =
            [.. Enumerable.Range(0, classes).Select(k => gradient.Where((_, i) => i % classes == k).Sum(value => (double)value))];
        Assert.That(loss, Is.EqualTo(expected).Within(Tolerance * expected));
        Assert.That(sums, Is.EqualTo(offsetGradient).Within(Tolerance));
    }
}

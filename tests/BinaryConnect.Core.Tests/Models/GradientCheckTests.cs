using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

/// <summary>
/// The analytic gradients, in float32, against central differences of the loss as a function of w_b, b and ρ, in
/// float64. Errors are relative to the norm of the whole gradient tensor.
/// </summary>
[TestFixtureSource(typeof(ZerosFixture), nameof(ZerosFixture.Forms))]
internal sealed class GradientCheckTests(bool skipsZeros) : ZerosFixture(skipsZeros)
{
    [TestCase(1, 1, 2, null)]
    [TestCase(3, 5, 2, null)]
    [TestCase(7, 17, 10, null)]
    [TestCase(4, 33, 3, null)]
    [TestCase(1, 2, 3, 0.5f)]
    [TestCase(5, 9, 4, 0.1f)]
    [TestCase(8, 16, 11, 1.5f)]
    [TestCase(6, 31, 5, 0.3f)]
    public void Gradients_agree_with_central_differences(int rows, int features, int classes, float? scale)
    {
        var model = new LogisticModel(new LogisticModelOptions
        {
            Features = features,
            Classes = classes,
            InitialMinimum = -1,
            OutputScale = scale,
            Seed = rows,
        });
        Numbers.Uniform(7, classes).CopyTo(model.Bias.Latent);
        float[] inputs = Numbers.Uniform(rows, rows * features, -0.5f, 0.5f);
        int[] labels = Numbers.Labels(rows + features, rows, classes);
        var batch = new Batch(inputs, labels);
        model.Binarize(new DeterministicBinarizer());
        float[] logits = new float[rows * classes], logitsGradient = new float[rows * classes];

        model.Forward(batch, logits);
        new CrossEntropyLoss().Compute(logits, labels, logitsGradient);
        model.Backward(batch, logitsGradient);

        double[] weights = Numbers.Doubles(model.Weights.Effective), bias = Numbers.Doubles(model.Bias.Effective);
        double[] logScale = model.LogScale is null ? [0] : Numbers.Doubles(model.LogScale.Latent);
        Func<double> loss = () => ReferenceLogistic.Loss(
            ReferenceLogistic.Logits(inputs, weights, bias, Math.Exp(logScale[0])), labels);
        Assert.That(weights, Is.All.EqualTo(1).Or.EqualTo(-1));
        Assert.That(Numbers.RelativeError(model.Weights.Gradient, Numbers.CentralDifferences(weights, loss)), Is.LessThan(1e-5));
        Assert.That(Numbers.RelativeError(model.Bias.Gradient, Numbers.CentralDifferences(bias, loss)), Is.LessThan(1e-5));
        if (model.LogScale is not null)
            Assert.That(
                Numbers.RelativeError(model.LogScale.Gradient, Numbers.CentralDifferences(logScale, loss)), Is.LessThan(1e-5));
    }
}

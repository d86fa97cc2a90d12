using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Models;

/// <summary>A network of no hidden layers and no normalization is softmax regression.</summary>
[TestFixtureSource(typeof(ZerosFixture), nameof(ZerosFixture.Forms))]
internal sealed class MultilayerLogisticTests(bool skipsZeros) : ZerosFixture(skipsZeros)
{
    private const int Rows = 16, Features = 70, Classes = 5;

    private static IEnumerable<TestCaseData> Binarizers =>
    [
        new TestCaseData(new DeterministicBinarizer()).SetArgDisplayNames("signs"),
        new TestCaseData(new IdentityBinarizer()).SetArgDisplayNames("full precision"),
        new TestCaseData(OwnBinarizer.Ternary).SetArgDisplayNames("own ternary"),
    ];

    [TestCaseSource(nameof(Binarizers))]
    public void Logits_and_gradients_are_those_of_the_logistic_model(IBinarizer binarizer)
    {
        (MultilayerPerceptron network, LogisticModel logistic) = Pair();
        var batch = new Batch(Numbers.Uniform(1, Rows * Features), Numbers.Labels(2, Rows, Classes));
        float[] gradient = Numbers.Uniform(3, Rows * Classes), expected = new float[Rows * Classes];
        float[] actual = new float[Rows * Classes], inferred = new float[Rows * Classes];

        logistic.Binarize(binarizer);
        logistic.Forward(batch, expected);
        logistic.Backward(batch, gradient);
        network.Binarize(binarizer);
        network.Infer(batch, inferred);
        network.Forward(batch, actual);
        network.Backward(batch, gradient);

        Assert.That(Numbers.RelativeError(actual, Numbers.Doubles(expected)), Is.LessThan(1e-6));
        Assert.That(inferred, Is.EqualTo(actual));
        Assert.That(
            Numbers.RelativeError(network.DenseLayers[0].Weights.Gradient, Numbers.Doubles(logistic.Weights.Gradient)),
            Is.LessThan(1e-6));
        Assert.That(
            Numbers.RelativeError(network.DenseLayers[0].Bias!.Gradient, Numbers.Doubles(logistic.Bias.Gradient)),
            Is.LessThan(1e-6));
    }

    [Test]
    public void The_two_train_alike()
    {
        (MultilayerPerceptron network, LogisticModel logistic) = Pair();
        TrainingStep ofNetwork = new(network, Options()), ofLogistic = new(logistic, Options());
        for (int i = 0; i < 20; i++)
        {
            var batch = new Batch(Numbers.Uniform(i, Rows * Features), Numbers.Labels(i, Rows, Classes));

            StepResult actual = ofNetwork.Run(batch, 0.1f), expected = ofLogistic.Run(batch, 0.1f);

            Assert.That(actual.Loss, Is.EqualTo(expected.Loss).Within(1e-6 * expected.Loss));
            Assert.That(actual.SignFlips, Is.EqualTo(expected.SignFlips));
        }

        Assert.That(
            Numbers.RelativeError(network.Parameters[0].Latent, Numbers.Doubles(logistic.Weights.Latent)), Is.LessThan(1e-5));
        Assert.That(
            Numbers.RelativeError(network.Parameters[1].Latent, Numbers.Doubles(logistic.Bias.Latent)), Is.LessThan(1e-5));
    }

    private static TrainerOptions Options() => new() { BatchSize = Rows, Optimizer = new Sgd(0.9f) };

    private static (MultilayerPerceptron Network, LogisticModel Logistic) Pair()
    {
        var network = new MultilayerPerceptron(new MultilayerPerceptronOptions
        {
            Features = Features,
            HiddenUnits = [],
            Classes = Classes,
            Normalization = Normalization.None,
        });
        var logistic = new LogisticModel(Features, Classes);
        network.Parameters[0].Latent.CopyTo(logistic.Weights.Latent);
        Numbers.Uniform(5, Classes).CopyTo(network.Parameters[1].Latent);
        network.Parameters[1].Latent.CopyTo(logistic.Bias.Latent);
        return (network, logistic);
    }
}

using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

/// <summary>
/// The gradients of whole networks, in float32, against central differences of the loss as a function of the effective
/// values, in float64. BinaryConnect uses them as the gradients of the latent values. Errors are relative to the norm
/// of a tensor's gradient.
/// </summary>
internal sealed class MultilayerGradientTests
{
    private const int Rows = 9, Features = 7, Classes = 4;

    private static IEnumerable<TestCaseData> Binarizers =>
    [
        new TestCaseData(new DeterministicBinarizer()).SetArgDisplayNames("signs"),
        new TestCaseData(new StochasticBinarizer(7)).SetArgDisplayNames("random signs"),
        new TestCaseData(OwnBinarizer.Signs).SetArgDisplayNames("own signs"),
        new TestCaseData(new IdentityBinarizer()).SetArgDisplayNames("full precision"),
        new TestCaseData(OwnBinarizer.Ternary).SetArgDisplayNames("own ternary"),
        new TestCaseData(new OwnBinarizer((weight, bound) => weight - bound / 2)).SetArgDisplayNames("own shift"),
    ];

    private static IEnumerable<TestCaseData> Networks =>
        from normalization in Enum.GetValues<Normalization>()
        from activation in Enum.GetValues<Activation>()
        from hidden in new int[][] { [], [5], [12, 33] }
        from dropout in new[] { 0, 0.3f }
        select new TestCaseData(new MultilayerPerceptronOptions
        {
            Features = Features,
            HiddenUnits = hidden,
            Classes = Classes,
            Normalization = normalization,
            Activation = activation,
            InputDropout = dropout,
            HiddenDropout = dropout,
            Bound = 0.5f,
            Seed = 3,
        }).SetArgDisplayNames($"{normalization}", $"{activation}", $"[{string.Join(", ", hidden)}]", $"dropout {dropout}");

    [TestCaseSource(nameof(Networks))]
    public void Gradients_agree_with_central_differences_by_any_loss(MultilayerPerceptronOptions options)
    {
        Check(options, new DeterministicBinarizer(), new CrossEntropyLoss());
        Check(options, new IdentityBinarizer(), new CrossEntropyLoss());
        Check(options, new DeterministicBinarizer(), new SquaredHingeLoss());
        Check(options, new IdentityBinarizer(), new SquaredHingeLoss(meanOverClasses: true));
    }

    [TestCaseSource(nameof(Binarizers))]
    public void Gradients_agree_with_central_differences_whatever_binarizes(IBinarizer binarizer)
    {
        foreach (Normalization normalization in Enum.GetValues<Normalization>())
        {
            var options = new MultilayerPerceptronOptions
            {
                Features = Features,
                HiddenUnits = [11, 6],
                Classes = Classes,
                Normalization = normalization,
                HiddenDropout = 0.2f,
                Seed = 5,
            };
            Check(options, binarizer, new SquaredHingeLoss());
        }
    }

    private static void Check(MultilayerPerceptronOptions options, IBinarizer binarizer, ILoss loss)
    {
        MultilayerPerceptron model = Model(options);
        float[] features = Numbers.Uniform(1, Rows * Features, -1, 2), logits = new float[Rows * Classes];
        float[] logitsGradient = new float[logits.Length];
        int[] labels = Numbers.Labels(2, Rows, Classes);
        model.Binarize(binarizer);
        var reference = new ReferenceNetwork(model);
        reference.TakeMasks(Rows);
        double[] wideFeatures = Numbers.Doubles(features);
        Func<double> expectedLoss = () => Loss(loss, reference.Outputs(wideFeatures, Rows), labels);

        var batch = new Batch(features, labels);
        model.Forward(batch, logits);
        double actualLoss = loss.Compute(logits, labels, logitsGradient);
        model.Backward(batch, logitsGradient);

        string network = $"{options}, {binarizer}, {loss}";
        Assert.That(actualLoss, Is.EqualTo(expectedLoss()).Within(1e-5 * actualLoss), network);
        for (int i = 0; i < model.DenseLayers.Count; i++)
        {
            AssertClose(model.DenseLayers[i].Weights, reference.Weights[i], expectedLoss, network);
            if (model.DenseLayers[i].Bias is Parameter bias) AssertClose(bias, reference.Biases[i], expectedLoss, network);
            if (options.Normalization == Normalization.None) continue;
            AssertClose(model.Normalizations[i].Gamma, reference.Gammas[i], expectedLoss, network);

            // The next layer's normalization subtracts what all rows share, so β gets no gradient if no ReLU or dropout
            // comes between.
            bool isTakenAway = options.Activation == Activation.Identity && options.HiddenDropout == 0
                && i < model.DenseLayers.Count - 1;
            if (isTakenAway) Assert.That(model.Normalizations[i].Beta.Gradient.ToArray(), Is.All.EqualTo(0).Within(1e-6));
            else AssertClose(model.Normalizations[i].Beta, reference.Betas[i], expectedLoss, network);
        }
    }

    // Every parameter gets values that differ from its initial ones.
    private static MultilayerPerceptron Model(MultilayerPerceptronOptions options)
    {
        var model = new MultilayerPerceptron(options);
        int seed = 10;
        foreach (Parameter parameter in model.Parameters.Where(parameter => !parameter.IsWeight))
            Numbers.Uniform(seed++, parameter.Length, 0.2f, 1.2f).CopyTo(parameter.Latent);
        return model;
    }

    private static double Loss(ILoss loss, double[] logits, int[] labels) => loss is SquaredHingeLoss hinge
        ? ReferenceSquaredHinge.Loss(logits, labels, hinge.MeanOverClasses)
        : ReferenceLogistic.Loss(logits, labels);

    private static void AssertClose(Parameter parameter, double[] values, Func<double> loss, string network)
    {
        double[] expected = Numbers.CentralDifferences(values, loss);
        Assert.That(Numbers.RelativeError(parameter.Gradient, expected), Is.LessThan(1e-4), $"{parameter.Name}, {network}");
    }
}

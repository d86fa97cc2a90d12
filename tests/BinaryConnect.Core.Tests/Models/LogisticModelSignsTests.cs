using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Models;

/// <summary>Products of bytes use the effective weights, whatever their values, writer and reader.</summary>
[TestFixtureSource(nameof(FormsAndFeatures))]
internal sealed class LogisticModelSignsTests(bool skipsZeros, int features) : ZerosFixture(skipsZeros)
{
    private const int Classes = 10, Rows = 40;

    private static readonly object[][] FormsAndFeatures =
        [.. Forms.SelectMany(form => new object[][] { [form, 10], [form, 64], [form, 150] })];

    private readonly DeterministicBinarizer _binarizer = new();
    private readonly byte[] _bytes = [.. Numbers.Labels(3, Rows * features, 256).Select(value => (byte)value)];
    private readonly int[] _labels = Numbers.Labels(4, Rows, Classes);

    [Test]
    public void Effective_weights_are_the_signs_of_the_latent_ones_when_they_were_binarized()
    {
        LogisticModel model = AfterBytes();
        float[] expected = [.. model.Weights.Latent];
        Signs.BinarizeScalar(expected, 1, expected);

        model.Binarize(_binarizer);
        model.Weights.Latent.Fill(-1);

        Assert.That(model.Weights.Effective.ToArray(), Is.EqualTo(expected));
        Assert.That(Logits(model), Is.EqualTo(LogitsOfFloats(model)).Within(1e-3));
    }

    [Test]
    public void Forward_is_that_of_floats_before_and_after_somebody_asks_for_them()
    {
        LogisticModel model = AfterBytes();
        model.Binarize(_binarizer);

        float[] before = Logits(model), ofFloats = LogitsOfFloats(model), after = Logits(model);

        Assert.That(before, Is.EqualTo(ofFloats).Within(1e-3));
        Assert.That(after, Is.EqualTo(before));
    }

    [Test]
    public void A_value_written_to_the_effective_weights_counts()
    {
        LogisticModel model = AfterBytes();
        model.Binarize(_binarizer);

        model.Weights.Effective.Fill(0.5f);

        Assert.That(Logits(model), Is.EqualTo(LogitsOfFloats(model)).Within(1e-3));
    }

    [Test]
    public void Another_binarizer_has_its_way()
    {
        LogisticModel model = AfterBytes();

        model.Binarize(Halving);

        Assert.That(
            model.Weights.Effective.ToArray(), Is.EqualTo(Array.ConvertAll(model.Weights.Latent.ToArray(), value => value / 2)));
        Assert.That(Logits(model), Is.EqualTo(LogitsOfFloats(model)).Within(1e-3));
    }

    [Test]
    public void A_parameter_binarized_by_itself_is_used()
    {
        LogisticModel model = AfterBytes();
        model.Binarize(_binarizer);

        model.Weights.Binarize(Halving);

        Assert.That(Logits(model), Is.EqualTo(LogitsOfFloats(model)).Within(1e-3));
    }

    [Test]
    public void Another_number_of_threads_leaves_the_weights()
    {
        LogisticModel model = AfterBytes();
        model.Binarize(_binarizer);
        float[] before = Logits(model);

        model.Binarize(_binarizer);
        model.MaxDegreeOfParallelism = 2;

        Assert.That(Logits(model), Is.EqualTo(before));
    }

    [Test]
    public void Steps_are_the_same_to_the_bit_whoever_looks()
    {
        LogisticModel seen = new(features, Classes, seed: 1), unseen = new(features, Classes, seed: 1);
        var options = new TrainerOptions { BatchSize = Rows, Optimizer = new Sgd() };
        TrainingStep seenStep = new(seen, options), unseenStep = new(unseen, options);
        for (int i = 0; i < 5; i++)
        {
            double loss = seenStep.Run(Bytes(), 0.1f).Loss;
            _ = seen.Weights.Effective;
            Assert.That(unseenStep.Run(Bytes(), 0.1f).Loss, Is.EqualTo(loss), $"step {i}");
        }

        Assert.That(unseen.Weights.Latent.ToArray(), Is.EqualTo(seen.Weights.Latent.ToArray()));
        Assert.That(unseen.Weights.Effective.ToArray(), Is.EqualTo(seen.Weights.Effective.ToArray()));
    }

    // Two threads that read the effective weights at once must both see all of them.
    [Test]
    public void Predictions_at_the_same_time_are_those_of_one_after_the_other()
    {
        float[] floats = Floats(), expected = new float[Rows * Classes];
        LogisticModel model = AfterBytes();
        for (int run = 0; run < 100; run++)
        {
            model.Binarize(_binarizer);
            float[][] probabilities = [.. Enumerable.Range(0, 4).Select(_ => new float[expected.Length])];
            Parallel.For(0, probabilities.Length, i => model.PredictProbabilities(floats, probabilities[i]));
            model.PredictProbabilities(floats, expected);
            foreach (float[] some in probabilities) Assert.That(some, Is.EqualTo(expected), $"run {run}");
        }
    }

    private static OwnBinarizer Halving => new((weight, _) => weight / 2);

    private LogisticModel AfterBytes()
    {
        var model = new LogisticModel(new LogisticModelOptions
        {
            Features = features,
            Classes = Classes,
            Seed = 2,
            InitialMinimum = -1,
            InitialMaximum = 1,
        });
        Logits(model);
        return model;
    }

    private Batch Bytes() => new(_bytes, _labels, scale: 1f / 255, shift: 0);

    private float[] Floats() => Array.ConvertAll(_bytes, value => value / 255f);

    private float[] Logits(LogisticModel model)
    {
        float[] logits = new float[Rows * Classes];
        model.Forward(Bytes(), logits);
        return logits;
    }

    private float[] LogitsOfFloats(LogisticModel model)
    {
        float[] logits = new float[Rows * Classes];
        LogisticModel.Logits(Floats(), model.Weights.Effective, model.Bias.Effective, logits);
        return logits;
    }
}

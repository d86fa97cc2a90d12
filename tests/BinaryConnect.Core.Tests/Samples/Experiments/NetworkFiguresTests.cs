using System.Text;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Samples.Experiments;
using BinaryConnect.Samples.Experiments.Networks;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples.Experiments;

/// <summary>Figures and sentences of the experiments "features", "histogram" and "curves".</summary>
public class NetworkFiguresTests
{
    // Images of 2 × 2 pixels; the last one never varies.
    private static readonly PixelMap Pixels = new(2, [true, true, true, false]);

    [Test]
    public void Touching_pairs_leave_out_pixels_that_never_vary() =>
        Assert.That(Pixels.TouchingPairs(), Is.EqualTo(new[] { (0, 1), (0, 2) }));

    [Test]
    public void Pixels_vary_if_two_images_differ()
    {
        var images = Dataset.FromFloats(new float[] { 1, 2, 3, 4, 1, 2, 3, 5, 1, 9, 3, 4 }, new[] { 0, 1, 0 }, 4, 2);
        PixelMap pixels = PixelMap.Of(images);
        Assert.That(pixels.Width, Is.EqualTo(2));
        Assert.That(pixels.Varying, Is.EqualTo(new[] { false, true, false, true }));
    }

    [Test]
    public void Images_that_are_not_square_are_refused() => Assert.That(
        () => PixelMap.Of(Dataset.FromFloats(new float[] { 1, 2, 3 }, new[] { 0 }, 3, 2)),
        Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("The images have 3 pixels; they must be square."));

    [Test]
    public void Smoothness_is_the_correlation_of_weights_that_touch()
    {
        // The last weight of each unit is of a pixel that never varies.
        var flat = new FirstLayer("flat", true, 4, [0.5f, 0.5f, 0.5f, 9, -0.25f, -0.25f, -0.25f, 9]);
        var opposite = new FirstLayer("opposite", true, 4, [0.5f, -0.5f, -0.5f, 9, -0.25f, 0.25f, 0.25f, 9]);
        FeatureFigures figures = FeatureFigures.Of(flat, Pixels);
        Assert.That(figures.Smoothness, Is.EqualTo(1).Within(1e-12));
        Assert.That((figures.Units, figures.Largest, figures.Mean), Is.EqualTo((2, 0.5, 0.375)));
        Assert.That(FeatureFigures.Of(opposite, Pixels).Smoothness, Is.EqualTo(-1).Within(1e-12));
    }

    [Test]
    public void Features_are_compared_with_those_without_a_regularizer() => Assert.That(
        Features.Say([Figures("none", 0.1, 0.30), Figures("dropout", 0.1, 0.31), Figures("stochastic", 0.5, 0.40),
            Figures("deterministic", 0.4, 0.20)]),
        Is.EqualTo(new[]
        {
            "The smoothest features are those of \"stochastic\", with smoothness 0.40; the noisiest are those of "
            + "\"deterministic\", with 0.20.",
            "Features of \"dropout\" are about as smooth as those of \"none\" (0.31 against 0.30), and their mean |w| is 1.0 "
            + "times as large.",
            "Features of \"stochastic\" are smoother than those of \"none\" (0.40 against 0.30), and their mean |w| is 5.0 "
            + "times as large.",
            "Features of \"deterministic\" are noisier than those of \"none\" (0.20 against 0.30), and their mean |w| is 4.0 "
            + "times as large.",
        }));

    [Test]
    public void Features_of_one_run_are_described() => Assert.That(
        Features.Say([Figures("none", 0.1, 0.30)]), Is.EqualTo(new[] { "The features of \"none\" have smoothness 0.30." }));

    [Test]
    public void Histogram_puts_each_weight_into_its_bin()
    {
        WeightHistogram histogram = WeightHistogram.Of([-1, -0.75f, -0.5f, 0, 0.25f, 1, 1, 0.99f], largest: 1, bins: 4);
        Assert.That(histogram.Shares, Is.EqualTo(new[] { 0.25, 0.125, 0.25, 0.375 }));
        Assert.That(Enumerable.Range(0, 4).Select(histogram.From), Is.EqualTo(new[] { -1, -0.5, 0, 0.5 }));
    }

    [Test]
    public void Mass_counts_weights_near_one_and_near_zero()
    {
        WeightMass mass = WeightMass.Of([1, -1, 0.951f, 0.94f, 0.051f, 0.049f, -0.01f, 0]);
        Assert.That((mass.AtOne, mass.AtZero), Is.EqualTo((3 / 8.0, 3 / 8.0)));
    }

    [TestCase(0.05, 0.05, "no peak at either")]
    [TestCase(0.10, 0.05, "a peak at ±1 alone")]
    [TestCase(0.02, 0.10, "a peak at 0 alone")]
    [TestCase(0.10, 0.08, "peaks at ±1 and at 0")]
    public void Peaks_are_denser_than_between(double atOne, double atZero, string expected) =>
        Assert.That(new WeightMass(atOne, atZero).Peaks, Is.EqualTo(expected));

    [Test]
    public void Histogram_says_shares_and_peaks()
    {
        Assert.That(
            Histogram.Say(new FirstLayer("deterministic", true, 1, [1]), new WeightMass(0.2, 0.08)),
            Is.EqualTo(
                "Of the latent weights of \"deterministic\", 20.0 % are within 0.05 of ±1 and 8.0 % within 0.05 of 0: 5.0 and "
                + "2.0 times as dense as between, peaks at ±1 and at 0."));
        Assert.That(
            Histogram.Say(new FirstLayer("none", false, 1, [0.25f, -0.125f]), new WeightMass(0, 0.5)),
            Is.EqualTo("The real weights of \"none\" stay within ±0.25; 50.0 % are within 0.05 of 0."));
    }

    [Test]
    public void Curves_are_compared_by_the_error_of_their_images() => Assert.That(
        CurveFindings.Of([Curve("none", 0.01, 0.0150), Curve("deterministic", 0.02, 0.0140), Curve("dropout", 0.2, 0.0300)]),
        Is.EqualTo(new[]
        {
            "The least validation error is that of \"deterministic\": 1.40 % at epoch 2.",
            "By 10,000 images it cannot be told apart from \"none\" (1.50 %).",
            "It is clearly below \"dropout\" (3.00 %): by more than two standard errors.",
            "The training cost of the last epoch of \"none\" is 0.01; it is 2 times as high with \"deterministic\", 20 times as "
            + "high with \"dropout\".",
        }));

    [Test]
    public void Curves_come_from_the_log_of_a_run()
    {
        using var folder = new TemporaryFolder();
        string log = folder.Write(
            "run.csv",
            Encoding.UTF8.GetBytes("epoch,training_loss,validation_error,test_error\n1,0.5,0.04,\n2,0.25,0.03,0.035\n"));
        LearningCurve curve = SavedRuns.Curves([log]).Single();
        Assert.That(curve.Name, Is.EqualTo("run"));
        Assert.That(curve.Epochs, Is.EqualTo(new[] { new EpochPoint(1, 0.5, 0.04), new EpochPoint(2, 0.25, 0.03, 0.035) }));
        Assert.That((curve.Best.Epoch, curve.TestError), Is.EqualTo((2, 0.035)));
    }

    [Test]
    public void Curves_come_from_the_epochs_beside_a_checkpoint()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "run.safetensors.epochs.json",
            """{"epochs":[{"epoch":1,"trainingLoss":0.5,"validationError":0.04,"testError":null}]}"""u8.ToArray());
        Assert.That(
            SavedRuns.Curves([folder.PathOf("run.safetensors")]).Single().Epochs,
            Is.EqualTo(new[] { new EpochPoint(1, 0.5, 0.04) }));
    }

    [Test]
    public void Log_without_its_columns_is_refused()
    {
        using var folder = new TemporaryFolder();
        string log = folder.Write("run.csv", "epoch,loss\n1,0.5\n"u8.ToArray());
        Assert.That(
            () => SavedRuns.Curves([log]),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
                $"'{log}' is no log of epochs; it must have the columns epoch, training_loss, validation_error and test_error."));
    }

    [Test]
    public void First_layers_come_from_saved_models()
    {
        using var folder = new TemporaryFolder();
        string first = folder.PathOf("a.safetensors"), second = folder.PathOf("b.safetensors");
        string third = folder.PathOf("c.safetensors");
        Save(first, "deterministic");
        Save(second, "stochastic");
        Save(third, "stochastic");
        IReadOnlyList<FirstLayer> layers = SavedRuns.FirstLayers([first, second, third], pixels: 4);
        Assert.That(layers.Select(layer => layer.Name), Is.EqualTo(new[] { "deterministic", "b", "c" }));
        Assert.That(layers.Select(layer => (layer.IsBinary, layer.Units, layer.Features)), Is.All.EqualTo((true, 3, 4)));
        Assert.That(
            SavedRuns.FirstLayers([first, first, second], pixels: 4).Select(layer => layer.Name),
            Is.EqualTo(new[] { "a", "a 2", "stochastic" }));
        Assert.That(
            () => SavedRuns.FirstLayers([first], pixels: 9),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
                $"'{first}' has 4 inputs; it must have one for each pixel, 9."));
    }

    private static void Save(string path, string binarizer)
    {
        var network = new MultilayerPerceptron(
            new MultilayerPerceptronOptions { Features = 4, HiddenUnits = [3], Classes = 2 });
        var notes = new Dictionary<string, string> { ["binarizer"] = binarizer };
        ModelFile.Save(network, path, new ModelFacts { Notes = notes });
    }

    private static FeatureFigures Figures(string name, double mean, double smoothness) => new(name, 10, 1, mean, smoothness);

    private static LearningCurve Curve(string name, double cost, double error) =>
        new(name, [new EpochPoint(1, 1, 0.1), new EpochPoint(2, cost, error)]);
}

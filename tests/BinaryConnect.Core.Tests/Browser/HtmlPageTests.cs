using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Inference.Export.Html;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using PuppeteerSharp;

namespace BinaryConnect.Tests.Browser;

/// <summary>Exported pages in a browser: the classes of all test images, and a drawing.</summary>
[Explicit("It needs chromium.")]
[Category("Slow")]
internal sealed class HtmlPageTests
{
    /// <summary>A packed model to compare instead of a small network.</summary>
    private const string ModelVariable = "BINARYCONNECT_PAGE_MODEL";

    // Scores that are closer have an order that depends on the order of sums in single precision.
    private const float Tie = 1e-5f;

    private const int Steps = 300;

    private TemporaryFolder _folder = null!;
    private IBrowser _browser = null!;

    [OneTimeSetUp]
    public async Task Begin()
    {
        string chromium = Chromium.Find();
        _folder = new TemporaryFolder();
        _browser = await Chromium.Start(chromium);
    }

    [OneTimeTearDown]
    public async Task CleanUp()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _folder?.Dispose();
    }

    [Test]
    public async Task A_logistic_page_predicts_as_the_library_and_knows_a_drawing()
    {
        var model = new LogisticModel(new() { Features = 784, Classes = 10, Seed = 1 });
        Train(model);
        await using DigitPage page = await Open(ModelPacker.Pack(model), "logistic");

        await CheckClasses(page, ModelPacker.Pack(model));
        foreach (string scheme in new[] { "light", "dark" })
        {
            await page.Tab.EmulateMediaFeaturesAsync(
                [new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme }]);
            await page.Press("clear");
            Assert.That(await page.Text("verdict"), Is.EqualTo("Nothing is drawn yet."));
            await page.Draw(0);
            Assert.That(await page.Text("verdict"), Does.Match(@"^It is 0, \d+\.\d %\.$"));
            await page.Picture($"export-{scheme}");
        }

        Assert.That(await page.Get<int>("document.querySelectorAll('#pictures canvas').length"), Is.EqualTo(10));
        Assert.That(page.Faults, Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task The_page_of_a_network_predicts_as_the_library(bool hasSigns)
    {
        PackedModel model = Environment.GetEnvironmentVariable(ModelVariable) is string path
            ? PackedModel.Load(path)
            : Network(hasSigns);
        await using DigitPage page = await Open(model, "network");

        await CheckClasses(page, model);
        Assert.That(await page.Get<bool>("document.getElementById('weights').hidden"), Is.True);
        Assert.That(page.Faults, Is.Empty);
    }

    private static PackedModel Network(bool hasSigns)
    {
        var network = new MultilayerPerceptron(new()
        {
            Features = 784,
            HiddenUnits = [24, 16],
            Classes = 10,
            Activation = hasSigns ? Activation.Sign : Activation.Relu,
            Seed = 1,
        });
        Train(network);
        return ModelPacker.Pack(network);
    }

    private static void Train(IModel model) => new Trainer(new TrainerOptions
    {
        Optimizer = new Adam(),
        Schedule = new CosineDecay(0.01f, Steps),
        MaxSteps = Steps,
    }).Fit(model, MnistData.Tutorial.Train, null);

    private async Task<DigitPage> Open(PackedModel model, string name)
    {
        string file = _folder.PathOf($"{name}.html");
        HtmlExporter.Write(model, file);
        TestContext.Progress.WriteLine($"The page {name} has {new FileInfo(file).Length:N0} bytes.");
        return await DigitPage.Open(_browser, new Uri(file).AbsoluteUri, "typeof predict === 'function'");
    }

    private static async Task CheckClasses(DigitPage page, PackedModel model)
    {
        const int Block = 1_000, Pixels = 784;
        ReadOnlyMemory<byte> images = IdxReader.Read(Path.Combine(MnistData.Folder, "t10k-images-idx3-ubyte.gz")).Values;
        int rows = images.Length / Pixels;
        int[] expected = new int[rows];
        float[] scores = new float[rows * model.ClassCount];
        model.Predict(images.Span, expected);
        model.Scores(images.Span, scores);
        var classes = new List<int>();
        for (int start = 0; start < rows; start += Block)
        {
            string text = Convert.ToBase64String(images.Span.Slice(start * Pixels, Block * Pixels));
            classes.AddRange(await page.Get<int[]>(
                $"(all => Array.from({{ length: {Block} }}, (_, i) => predict(all.subarray(784 * i, 784 * i + 784)).class))"
                + $"(bytesOf('{text}'))"));
        }

        Assert.That(classes, Has.Count.EqualTo(10_000));
        var differing = new List<string>();
        for (int i = 0; i < rows; i++)
        {
            if (classes[i] == expected[i]) continue;
            float[] best = [.. scores.Skip(i * model.ClassCount).Take(model.ClassCount).OrderDescending().Take(2)];
            string row = $"row {i}: page {classes[i]}, library {expected[i]}, best scores {best[0]:G9} and {best[1]:G9}";
            TestContext.Progress.WriteLine(row);
            if (best[0] - best[1] > Tie) differing.Add(row);
        }

        Assert.That(differing, Is.Empty);
        Assert.That(expected.Distinct().Count(), Is.GreaterThan(2));
    }
}

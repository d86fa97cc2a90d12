using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Inference.Export.Html;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using PuppeteerSharp;
using PuppeteerSharp.Media;

namespace BinaryConnect.Tests.Browser;

/// <summary>Exported pages in a browser: the classes of all test images, and a drawing.</summary>
[Category("Slow")]
internal sealed class HtmlPageTests
{
    /// <summary>A packed model to compare instead of a small network.</summary>
    private const string ModelVariable = "BINARYCONNECT_PAGE_MODEL";

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
        Trainer.Fit(model, MnistData.Tutorial.Train.Take(10_000), null, new() { MaxEpochs = 3 });
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
            : ModelPacker.Pack(new MultilayerPerceptron(new()
            {
                Features = 784,
                HiddenUnits = [24, 16],
                Classes = 10,
                Activation = hasSigns ? Activation.Sign : Activation.Relu,
                Seed = 1,
            }));
        await using DigitPage page = await Open(model, "network");

        await CheckClasses(page, model);
        Assert.That(await page.Get<bool>("document.getElementById('weights').hidden"), Is.True);
        Assert.That(page.Faults, Is.Empty);
    }

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
        model.Predict(images.Span, expected);
        var classes = new List<int>();
        for (int start = 0; start < rows; start += Block)
        {
            string text = Convert.ToBase64String(images.Span.Slice(start * Pixels, Block * Pixels));
            classes.AddRange(await page.Get<int[]>(
                $"(all => Array.from({{ length: {Block} }}, (_, i) => predict(all.subarray(784 * i, 784 * i + 784)).class))"
                + $"(bytesOf('{text}'))"));
        }

        Assert.That(classes, Has.Count.EqualTo(10_000));
        Assert.That(classes, Is.EqualTo(expected));
        Assert.That(expected.Distinct().Count(), Is.GreaterThan(2));
    }
}

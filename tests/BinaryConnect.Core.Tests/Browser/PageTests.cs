using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using BinaryConnect.Tests.Support;
using PuppeteerSharp;
using PuppeteerSharp.PageAccessibility;

namespace BinaryConnect.Tests.Browser;

/// <summary>The page in a browser: published, served, trained to the end, and drawn on.</summary>
[Explicit("It publishes the page, and needs chromium.")]
[Category("Slow")]
internal sealed class PageTests
{
    private const double LeastAccuracy = 0.80;

    private TemporaryFolder _folder = null!;
    private FolderServer _server = null!;
    private IBrowser _browser = null!;
    private DigitPage _page = null!;
    private string _announced = "";

    [OneTimeSetUp]
    public async Task Train()
    {
        string chromium = Chromium.Find();
        _folder = new TemporaryFolder();
        Command.Succeed(
            Repository.Root, "dotnet", "publish", "samples/BinaryConnect.Samples.Browser", "-c", Repository.Configuration,
            "-o", _folder.PathOf("site"), "-p:CompressionEnabled=false");
        _server = new FolderServer(_folder.PathOf("site/wwwroot"));
        _browser = await Chromium.Start(chromium);
        _page = await DigitPage.Open(_browser, _server.Url);

        long began = Stopwatch.GetTimestamp();
        await _page.Press("train");
        await _page.Until($"parseFloat(document.getElementById('accuracy').textContent) >= {100 * LeastAccuracy}");
        TestContext.Progress.WriteLine(
            $"The page came to {await _page.Text("accuracy")} in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s.");
        await _page.Picture("training");
        await _page.Until("document.body.dataset.state === 'done'");
        _announced = await _page.Text("announcement");
    }

    [OneTimeTearDown]
    public async Task CleanUp()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _server?.Dispose();
        _folder?.Dispose();
    }

    [TearDown]
    public void Nothing_failed() => Assert.That(_page.Faults, Is.Empty);

    [Test]
    public async Task It_shows_a_trained_network()
    {
        Assert.That(await _page.Text("step"), Is.EqualTo("1,000"));
        string accuracy = (await _page.Text("accuracy")).TrimEnd(' ', '%');
        Assert.That(double.Parse(accuracy, CultureInfo.InvariantCulture), Is.GreaterThan(83));
        Assert.That(await _page.Get<int>("document.querySelectorAll('#weights canvas').length"), Is.EqualTo(10));
        Assert.That(
            await _page.Get<int>("document.querySelector('#flips-chart polyline').getAttribute('points').split(' ').length"),
            Is.EqualTo(1_000));
        Assert.That(_announced, Does.Match(@"^Trained\. Test accuracy \d\d\.\d %\.$"));
    }

    [Test]
    public async Task Its_latent_weights_have_the_bits_of_x64_with_128_bit_registers()
    {
        if (RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64)
            Assert.Ignore("This machine is not x64.");
        string hash = (await _page.Text("hash")).Split(' ', ',').First(word => word.Length == 16);
        var start = new ProcessStartInfo("dotnet", [
            "vstest", typeof(PageTests).Assembly.Location,
            $"--TestCaseFilter:Name={nameof(DigitTrainingTests.This_process_comes_to_the_hash_it_was_told_of)}"]);
        start.Environment["DOTNET_EnableAVX2"] = "0";
        start.Environment[DigitTrainingTests.HashVariable] = hash;

        (int exitCode, string output, string error) = Command.Run(start);

        Assert.That(exitCode, Is.Zero, $"{output}\n{error}");
        Assert.That(output, Does.Match(@"Passed: +1\b"));
    }

    [Test]
    public async Task A_drawn_digit_gets_its_class([Values(0, 1, 7)] int digit, [Values] bool byFinger)
    {
        await _page.Press("clear");
        await _page.Until("document.getElementById('verdict').dataset.digit === ''");
        await _page.Draw(digit, byFinger);
        await _page.Until("document.getElementById('verdict').dataset.digit !== ''");
        await _page.Until($"document.getElementById('announcement').textContent.startsWith('It looks like {digit}.')");

        Assert.That(await _page.Text("verdict"), Is.EqualTo($"It looks like {digit}"));
        double[] shares = await _page.Get<double[]>(
            "[...document.querySelectorAll('.share')].map(share => parseFloat(share.textContent))");
        Assert.That(shares, Has.Length.EqualTo(10));
        Assert.That(shares.Sum(), Is.EqualTo(100).Within(0.6), "ten figures of one decimal");
        Assert.That(await _page.Get<string>("document.querySelector('tr.best th').textContent"), Is.EqualTo($"{digit}"));
    }

    [Test]
    public async Task A_digit_drawn_by_keys_gets_its_class()
    {
        await _page.Press("clear");
        await _page.Tab.FocusAsync("#paper");
        for (int i = 0; i < 9; i++) await _page.Tab.Keyboard.PressAsync("ArrowUp");
        await _page.Tab.Keyboard.PressAsync("Space");
        for (int i = 0; i < 18; i++) await _page.Tab.Keyboard.PressAsync("ArrowDown");
        await _page.Picture("keys");
        await _page.Tab.Keyboard.PressAsync("Space");

        await _page.Until("document.getElementById('announcement').textContent.startsWith('It looks like 1.')");

        await _page.Tab.Keyboard.PressAsync("Delete");
        await _page.Until("document.getElementById('verdict').dataset.digit === ''");
        Assert.That(await _page.Text("announcement"), Is.EqualTo("Cleared."));
    }

    [Test]
    public async Task A_test_digit_comes_with_its_label()
    {
        await _page.Press("clear");
        await _page.Press("example");

        await _page.Until("/^It looks like \\d, and the label is \\d$/.test(document.getElementById('verdict').textContent)");
    }

    [Test]
    public async Task Every_control_and_picture_has_a_name()
    {
        SerializedAXNode[] nodes = [.. All(await _page.Tab.Accessibility.SnapshotAsync())];

        Assert.That(nodes.Where(node => node.Role is "button" or "img" or "image" or "application" or "progressbar")
            .Where(node => string.IsNullOrEmpty(node.Name)).Select(node => node.Role), Is.Empty);
        Assert.That(nodes.Select(node => node.Name), Is.SupersetOf(
            new[] { "Train again", "Drawing area", "Weights of digit 9", "Steps taken", "Take a test digit" }));
    }

    [TestCase("light", 1200)]
    [TestCase("dark", 1200)]
    [TestCase("light", 390)]
    [TestCase("dark", 390)]
    public async Task It_has_room_in_light_and_dark(string scheme, int width)
    {
        await _page.Tab.SetViewportAsync(new ViewPortOptions { Width = width, Height = 900 });
        await _page.Tab.EmulateMediaFeaturesAsync(
            [new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme }]);
        await _page.Press("clear");
        await _page.Draw(7);
        await _page.Until("document.getElementById('verdict').dataset.digit !== ''");
        await _page.Picture($"{scheme}-{width}");

        int widest = await _page.Get<int>("document.documentElement.scrollWidth");
        Assert.That(widest, Is.AtMost(width), "nothing is wider than the page");
        Assert.That(
            await _page.Get<bool>("matchMedia('(prefers-color-scheme: dark)').matches"), Is.EqualTo(scheme == "dark"));
        await _page.Tab.SetViewportAsync(new ViewPortOptions { Width = 1200, Height = 900 });
        await _page.Tab.EmulateMediaFeaturesAsync([]);
    }

    [Test]
    public async Task A_file_that_is_missing_is_named()
    {
        _server.Withheld = "digits/t10k-labels-idx1-ubyte.gz";
        try
        {
            await using DigitPage page = await DigitPage.Open(
                _browser, _server.Url, "document.getElementById('fault').textContent !== ''");

            Assert.That(await page.Text("fault"), Is.EqualTo(
                $"The page cannot go on: {_server.Url}{_server.Withheld}: 404 Not Found"));
            Assert.That(await page.Get<bool>("document.getElementById('train').disabled"), Is.True);
        }
        finally
        {
            _server.Withheld = null;
        }
    }

    // In a page of its own, as the run of the other is over.
    [Test]
    public async Task A_run_can_be_paused_continued_and_begun_again()
    {
        await using DigitPage page = await DigitPage.Open(_browser, _server.Url);
        await page.Press("train");
        await page.Until("document.getElementById('step').textContent !== '0'");
        await page.Press("train");
        await page.Until("document.getElementById('announcement').textContent.startsWith('Paused.')");
        string step = await page.Text("step");
        await page.Draw(1);
        await page.Until("document.getElementById('verdict').dataset.digit !== ''");

        Assert.That(await page.Text("step"), Is.EqualTo(step).And.Not.EqualTo("1,000"));
        Assert.That(await page.Text("train"), Is.EqualTo("Continue"));
        await page.Press("train");
        await page.Until($"document.getElementById('step').textContent !== '{step}'");
        await page.Press("restart");
        await page.Until("document.getElementById('step').textContent === '0'");
        Assert.That(await page.Text("train"), Is.EqualTo("Train"));
        Assert.That(await page.Get<int>("document.getElementById('progress').value"), Is.Zero);
        Assert.That(await page.Get<string>("document.activeElement.id"), Is.EqualTo("train"), "the other is disabled");
    }

    private static IEnumerable<SerializedAXNode> All(SerializedAXNode node) =>
        [node, .. (node.Children ?? []).SelectMany(All)];
}

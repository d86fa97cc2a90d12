using System.Diagnostics;
using BinaryConnect.Tests.Support;
using PuppeteerSharp;

namespace BinaryConnect.Tests.Browser;

/// <summary>The page in a tab of its own.</summary>
internal sealed class DigitPage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string Pictures = Repository.PathOf("artifacts", "browser");

    private readonly List<string> _faults = [];

    private DigitPage(IPage tab)
    {
        Tab = tab;
        tab.Console += (_, e) =>
        {
            if (e.Message.Type is ConsoleType.Error or ConsoleType.Warning) _faults.Add(e.Message.Text);
        };
        tab.PageError += (_, e) => _faults.Add(e.Message);
        tab.RequestFailed += (_, e) => _faults.Add($"{e.Request.Url}: {e.Request.FailureText}");
    }

    public IPage Tab { get; }

    /// <summary>Errors and warnings of the page, and requests that failed.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Loads the page, and waits until it can train, or for another condition.</summary>
    public static async Task<DigitPage> Open(
        IBrowser browser, string url, string condition = "document.body.dataset.state === 'ready'")
    {
        Directory.CreateDirectory(Pictures);
        var page = new DigitPage(await browser.NewPageAsync());
        await page.Tab.SetViewportAsync(new ViewPortOptions { Width = 1200, Height = 900 });
        await page.Tab.GoToAsync(url);
        await page.Until(condition);
        return page;
    }

    /// <summary>Presses a button by the keyboard, as the mouse is for drawing.</summary>
    public async Task Press(string id)
    {
        await Tab.FocusAsync($"#{id}");
        await Tab.Keyboard.PressAsync("Enter");
    }

    /// <summary>Draws a 0, a 1 or a 7 with the mouse or a finger.</summary>
    public async Task Draw(int digit, bool byFinger = false)
    {
        (double X, double Y)[] line = digit switch
        {
            0 => [.. Enumerable.Range(0, 25).Select(i => i * Math.Tau / 24)
                .Select(angle => (0.5 + 0.2 * Math.Sin(angle), 0.5 - 0.33 * Math.Cos(angle)))],
            1 => [(0.5, 0.15), (0.5, 0.85)],
            _ => [(0.28, 0.2), (0.7, 0.2), (0.45, 0.85)],
        };
        await Get<bool>("(document.getElementById('paper').scrollIntoView({ block: 'center' }), true)");
        double[] box = await Get<double[]>(
            "(r => [r.left, r.top, r.width, r.height])(document.getElementById('drawing').getBoundingClientRect())");
        (decimal X, decimal Y)[] places =
            [.. line.Select(place => ((decimal)(box[0] + place.X * box[2]), (decimal)(box[1] + place.Y * box[3])))];
        if (byFinger)
        {
            await Tab.Touchscreen.TouchStartAsync(places[0].X, places[0].Y);
            foreach ((decimal x, decimal y) in places[1..]) await Tab.Touchscreen.TouchMoveAsync(x, y);
            await Tab.Touchscreen.TouchEndAsync();
            return;
        }

        await Tab.Mouse.MoveAsync(places[0].X, places[0].Y);
        await Tab.Mouse.DownAsync();
        foreach ((decimal x, decimal y) in places[1..]) await Tab.Mouse.MoveAsync(x, y);
        await Tab.Mouse.UpAsync();
    }

    /// <summary>
    /// Waits for a condition. The page's policy forbids the function that PuppeteerSharp itself waits with.
    /// </summary>
    public async Task Until(string condition)
    {
        long began = Stopwatch.GetTimestamp();
        while (!await Get<bool>(condition))
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                await Picture("fault");
                Assert.Fail($"Not within {Patience}: {condition}\n{await Text("fault")}\n{string.Join('\n', _faults)}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>The value of an expression.</summary>
    public Task<T> Get<T>(string expression) => Tab.EvaluateExpressionAsync<T>(expression);

    /// <summary>The text of an element.</summary>
    public Task<string> Text(string id) => Get<string>($"document.getElementById('{id}').textContent");

    /// <summary>Writes a picture of the whole page to artifacts/browser.</summary>
    public Task Picture(string name) =>
        Tab.ScreenshotAsync(Path.Combine(Pictures, $"{name}.png"), new ScreenshotOptions { FullPage = true });

    public ValueTask DisposeAsync() => Tab.DisposeAsync();
}

using PuppeteerSharp;

namespace BinaryConnect.Tests.Support;

/// <summary>A browser without a window.</summary>
internal static class Chromium
{
    private static readonly string[] Candidates = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>Gives its path. Without one the test is ignored, or fails where the gate runs.</summary>
    public static string Find()
    {
        const string Missing = "No chromium here; on Debian: apt-get install chromium fonts-dejavu-core.";
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string? program = Candidates.SelectMany(name => folders.Select(folder => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        if (program is not null) return program;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(Missing);
        Assert.Ignore(Missing);
        return "";
    }

    /// <summary>
    /// Starts it. It finds no host but this machine, so a page that asks for another has a failed request.
    /// </summary>
    public static Task<IBrowser> Start(string program) => Puppeteer.LaunchAsync(new LaunchOptions
    {
        ExecutablePath = program,
        Headless = true,

        // Its sandbox does not work for root, nor in every container; it loads this project's page alone.
        Args =
        [
            "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "\"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1\"",
        ],
    });
}

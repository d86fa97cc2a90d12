using System.Globalization;
using System.Text.Json;
using BinaryConnect.Inference;
using BinaryConnect.Samples.Mnist;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples;

/// <summary>The sample as a process of its own.</summary>
internal sealed class ProcessTests
{
    private const string Message = "Interrupted: the run ends after this step. Another interrupt ends it at once.";

    private static readonly string[] EndlessRun = ["--recipe", "best", "--steps", "100000000", "--data", MnistData.Folder];
    private static readonly string[] EndlessNetwork =
        ["mlp", "--hidden", "16", "--epochs", "1000000", "--binarizer", "stochastic", "--seed", "3", "--data", MnistData.Folder];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [TestCase("-INT", 130)]
    [TestCase("-TERM", 143)]
    [Platform(Exclude = "Win", Reason = "a signal is sent by kill")]
    public void An_interrupt_ends_it_cleanly_with_what_it_has(string signal, int exitCode)
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("report.json");
        using SampleProcess process = SampleProcess.Start([.. EndlessRun, "--json", file]);
        process.ReadOutputTo("   1,000");

        process.Send(signal);
        (int code, string output, string error) = process.End(Patience);

        Assert.That(code, Is.EqualTo(exitCode));
        Assert.That(output, Does.Match(@"Cancelled after [\d,]+ steps, \d+\.\d\d s"));
        Assert.That(output, Does.Match(@"Final test loss \d+\.\d{4}, test accuracy 0\.\d{4}"));
        Assert.That(error, Is.EqualTo(Message + Environment.NewLine));
        using JsonDocument report = JsonDocument.Parse(File.ReadAllBytes(file));
        Assert.That(report.RootElement.GetProperty("stopReason").GetString(), Is.EqualTo("cancelled"));
        Assert.That(report.RootElement.GetProperty("steps").GetInt32(), Is.InRange(1_000, 99_999_999));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "a signal is sent by kill")]
    public void An_interrupted_network_keeps_a_checkpoint_that_goes_on()
    {
        using var folder = new TemporaryFolder();
        string checkpoint = folder.PathOf("run.safetensors"), file = folder.PathOf("report.json");
        using SampleProcess process = SampleProcess.Start([.. EndlessNetwork, "--checkpoint", checkpoint, "--json", file]);
        process.ReadOutputTo("1/1000000 ");

        process.Send("-INT");
        (int code, string output, _) = process.End(Patience);

        Assert.That(code, Is.EqualTo(130));
        Assert.That(output, Does.Match(@"Cancelled after \d+ epochs?, [\d,]+ steps"));
        int steps = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("steps").GetInt32();
        using SampleProcess resumed = SampleProcess.Start([.. EndlessNetwork, "--checkpoint", checkpoint, "--resume"]);
        string line = resumed.ReadOutputTo("Resumed after ");
        Assert.That(line, Does.StartWith($"Resumed after {steps:N0} steps"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "a signal is sent by kill")]
    public void An_interrupted_comparison_keeps_the_first_report_and_the_model_so_far()
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("report.json"), saved = folder.PathOf("digits.safetensors");
        using SampleProcess process = SampleProcess.Start(
            ["--steps", "100000000", "--data", MnistData.Folder, "--json", file, "--save", saved]);
        process.ReadOutputTo("Final test loss");

        process.Send("-INT");
        (int code, string output, string error) = process.End(Patience);

        Assert.That(code, Is.EqualTo(130));
        Assert.That(output, Does.StartWith("Cancelled before one bit was compared with real weights"));
        Assert.That(output, Does.Contain($"Saved in {saved}: "));
        Assert.That(error, Is.EqualTo(Message + Environment.NewLine));
        using JsonDocument report = JsonDocument.Parse(File.ReadAllBytes(file));
        Assert.That(report.RootElement.GetProperty("stopReason").GetString(), Is.EqualTo("schedule-stopped"));
        Assert.That(report.RootElement.TryGetProperty("oneBit", out _), Is.False);
        Assert.That(ModelFile.Inspect(saved)["note.stop_reason"], Is.EqualTo("cancelled"));
    }

    // A pipe without a reader blocks the process at its end, for longer than System.CommandLine waits.
    [Test]
    [Platform(Exclude = "Win", Reason = "a signal is sent by kill")]
    public void An_interrupted_run_has_all_the_time_that_it_takes_to_write_its_report()
    {
        using SampleProcess process = SampleProcess.Start([.. EndlessRun, "--json", "-"]);
        process.ReadErrorTo("   2,000");

        process.Send("-INT");
        Thread.Sleep(TimeSpan.FromSeconds(4));
        (int code, string output, string error) = process.End(Patience);

        Assert.That(code, Is.EqualTo(130));
        Assert.That(error, Does.Contain(Message).And.Contain("Cancelled after "));
        using JsonDocument report = JsonDocument.Parse(output);
        int steps = report.RootElement.GetProperty("steps").GetInt32();
        Assert.That(report.RootElement.GetProperty("history").GetArrayLength(), Is.EqualTo(steps));
        Assert.That(output, Has.Length.GreaterThan(100_000), "more than a pipe takes");
    }

    // With a pipe without a reader the process cannot end by itself either.
    [Test]
    [Platform(Exclude = "Win", Reason = "a signal is sent by kill")]
    public void A_second_interrupt_ends_it_at_once()
    {
        using SampleProcess process = SampleProcess.Start([.. EndlessRun, "--json", "-"]);
        process.ReadErrorTo("   2,000");
        process.Send("-INT");
        process.ReadErrorTo("Cancelled after ");

        process.Send("-INT");

        Assert.That(process.WaitForExit(Patience), Is.True);
        Assert.That(process.ExitCode, Is.EqualTo(130));
    }

    // script gives the process a terminal, and types there what it reads: 3 is Ctrl-C, which the terminal shows as ^C.
    [TestCase(false)]
    [TestCase(true)]
    [Platform("Linux", Reason = "the arguments of script are those of util-linux")]
    public void Ctrl_C_in_a_terminal_leaves_whole_lines(bool isNetwork)
    {
        if (!File.Exists("/usr/bin/script")) Assert.Ignore("There is no 'script'; on Debian it is in bsdutils.");
        using var folder = new TemporaryFolder();
        string arguments = string.Join(' ', isNetwork ? EndlessNetwork : EndlessRun);
        string command = "unset NO_COLOR; export TERM=xterm-256color; stty cols 100; "
            + $"exec dotnet '{typeof(CommandLine).Assembly.Location}' {arguments}";
        string[] options = ["--quiet", "--return", "--command", command, folder.PathOf("typescript")];
        using SampleProcess process = SampleProcess.StartProgram("script", options);
        string shown = process.ReadOutputTo("steps a second", contained: true)
            + '\n' + process.ReadOutputTo(isNetwork ? "1/1000000 " : "   2,000 ", contained: true);

        process.Type('\u0003');
        (int code, string output, _) = process.End(Patience);

        Assert.That(code, Is.EqualTo(130));
        Assert.That(shown, Does.Contain("\u001b[").And.Match(@"batch loss [\d.]+ · rate [\dE.-]+ · [\d.,]+ flips a step"));
        var screen = TerminalScreen.After(output.Replace("^C", "", StringComparison.Ordinal), 100);
        string[] lines = screen.Lines;
        Assert.That(lines, Does.Contain(Message), string.Join('\n', lines));
        Assert.That(lines, Has.Some.Match("^Cancelled after .+ s$"));
        Assert.That(lines, Has.None.Contains("flips a step").And.None.Contains("━"), string.Join('\n', lines));
        Assert.That(lines[^1], Is.Empty, "the last line is whole too");
        Assert.That(screen.HasCursor, Is.True);
    }

    [TestCase("NO_COLOR=1", "stty cols 80")]
    [TestCase("TERM=dumb", "stty cols 80")]
    [TestCase("GITHUB_ACTIONS=true FORCE_COLOR=1", "exec > '{0}'")]
    [Platform("Linux", Reason = "the arguments of script are those of util-linux")]
    public void Plain_lines_have_no_escape_codes_and_fit_80_columns(string variables, string first)
    {
        if (!File.Exists("/usr/bin/script")) Assert.Ignore("There is no 'script'; on Debian it is in bsdutils.");
        using var folder = new TemporaryFolder();
        string redirected = folder.PathOf("redirected"), typescript = folder.PathOf("typescript");
        string arguments = $"--recipe best --steps 2000 --data '{MnistData.Folder}'";
        string command = $"{string.Format(CultureInfo.InvariantCulture, first, redirected)}; "
            + $"{variables} exec dotnet '{typeof(CommandLine).Assembly.Location}' {arguments}";

        string output = Command.Succeed("/", "script", "--quiet", "--return", "--command", command, typescript);

        if (File.Exists(redirected)) output = File.ReadAllText(redirected);
        else output = output.Replace("\r\n", "\n", StringComparison.Ordinal);
        string[] lines = output.Split('\n');
        Assert.That(lines, Has.Some.StartsWith("   2,000 100 %").And.Some.StartsWith("Final test loss"));
        Assert.That(output, Does.Not.Contain('\u001b').And.Not.Contain('\r'));
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(80));
    }

    [Test]
    public void It_finds_the_data_that_come_with_it_from_any_folder()
    {
        using var folder = new TemporaryFolder();

        string output = Command.Succeed(folder.Path, "dotnet", typeof(CommandLine).Assembly.Location, "--steps", "10");

        Assert.That(output, Does.Contain("Completed after 10 steps"));
    }
}

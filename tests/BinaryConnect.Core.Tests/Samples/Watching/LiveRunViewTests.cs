using BinaryConnect.Samples.Mnist.Watching;
using BinaryConnect.Tests.Support;
using Spectre.Console;

namespace BinaryConnect.Tests.Samples.Watching;

/// <summary>The live view, on a console whose output is read.</summary>
internal sealed class LiveRunViewTests
{
    private const int Width = 80;

    private static readonly RunFacts Facts = new("epoch 3 of 8", new RunFacts.Training(
        0.25, TimeSpan.FromSeconds(72), 0.1234f, 0.01f, 1234.5, 98.76, "validation accuracy", [0.5, 0.9, 0.625]));

    private readonly Recorder _output = new();

    [SetUp]
    public void Begin() => _output.Clear();

    [Test]
    public void It_shows_all_facts_below_the_lines_that_stay_and_clears_them_at_the_end()
    {
        var view = new LiveRunView(Console());
        string during = "";

        int result = view.Watch(() =>
        {
            view.Show(Facts);
            Assert.That(() => _output.ToString(), Does.Contain("best 0.9000").After(5_000, 20));
            view.WriteLine("a row");
            view.WriteLine("another row");
            during = _output.ToString();
            return 7;
        });

        Assert.That(result, Is.EqualTo(7));
        Assert.That(TerminalScreen.After(during, Width).Lines, Is.EqualTo(new[]
        {
            "a row",
            "another row",
            "",
            "epoch 3 of 8 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  25% 0:01:12 left",
            "batch loss 0.1234 · rate 0.01 · 1,234 flips a step · 98.8 steps a second",
            "validation accuracy 0.6250, best 0.9000  ▁█▃",
        }));
        var screen = TerminalScreen.After(_output.ToString(), Width);
        Assert.That(screen.Lines.Where(line => line.Length > 0), Is.EqualTo(new[] { "a row", "another row" }));
        Assert.That(screen.HasCursor, Is.True);
    }

    [Test]
    public void A_fault_of_the_run_passes_and_leaves_a_clear_screen()
    {
        var view = new LiveRunView(Console());

        Assert.That(
            () => view.Watch<int>(() =>
            {
                view.Show(Facts);
                throw new InvalidDataException("the fault");
            }),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("the fault"));
        var screen = TerminalScreen.After(_output.ToString(), Width);
        Assert.That(screen.Lines, Is.All.Empty);
        Assert.That(screen.HasCursor, Is.True);
    }

    [Test]
    public void An_interrupt_is_said_once_and_before_the_run_returns()
    {
        using var stop = new CancellationTokenSource();
        var view = new LiveRunView(Console());
        using CancellationTokenRegistration end = view.EndWith(stop.Token);

        view.Watch(() =>
        {
            stop.Cancel();
            return 0;
        });

        string[] lines = TerminalScreen.After(_output.ToString(), Width).Lines;
        Assert.That(
            lines.Where(line => line.Length > 0),
            Is.EqualTo(new[] { "Interrupted: the run ends after this step. Another interrupt ends it at once." }));
    }

    [Test]
    public void A_run_that_notices_the_interrupt_first_says_so()
    {
        using var stop = new CancellationTokenSource();
        using var error = new StringWriter();
        var view = new PlainRunView(TextWriter.Null, error, TimeSpan.MaxValue);
        using CancellationTokenRegistration end = view.EndWith(stop.Token);
        string first = "";

        // Callbacks run in the reverse order of their registrations.
        using CancellationTokenRegistration run = stop.Token.Register(() =>
        {
            view.Watch(() => 0);
            first = error.ToString();
        });
        stop.Cancel();

        Assert.That(first, Does.StartWith("Interrupted: "));
        Assert.That(error.ToString(), Is.EqualTo(first), "once");
    }

    [Test]
    public void Facts_are_due_again_after_a_while()
    {
        var view = new LiveRunView(Console());

        view.Show(new RunFacts("something"));
        Assert.That(view.IsDue, Is.False);
        Assert.That(() => view.IsDue, Is.True.After(2_000, 20));
    }

    private IAnsiConsole Console()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(_output),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Interactive = InteractionSupport.Yes,
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
        });
        console.Profile.Width = Width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    // The console writes from a thread of its own, too.
    private sealed class Recorder : StringWriter
    {
        private readonly Lock _lock = new();

        public void Clear() => GetStringBuilder().Clear();

        public override void Write(char value)
        {
            lock (_lock) base.Write(value);
        }

        public override void Write(string? value)
        {
            lock (_lock) base.Write(value);
        }

        public override string ToString()
        {
            lock (_lock) return base.ToString();
        }
    }
}

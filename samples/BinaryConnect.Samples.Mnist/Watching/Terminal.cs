using Spectre.Console;

namespace BinaryConnect.Samples.Mnist.Watching;

/// <summary>Decides whether a stream is a terminal that may have colours, and lines that are written over.</summary>
internal static class Terminal
{
    /// <summary>The width of tables where there is no terminal.</summary>
    public const int PlainWidth = 80;

    private static bool HasNoColor => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Whether the stream is such a terminal: not redirected, no "dumb" one, and without NO_COLOR.</summary>
    public static bool Has(TextWriter stream)
    {
        bool isTerminal = (stream == Console.Out && !Console.IsOutputRedirected)
            || (stream == Console.Error && !Console.IsErrorRedirected);
        return isTerminal && !HasNoColor && Environment.GetEnvironmentVariable("TERM") != "dumb";
    }

    /// <summary>
    /// With NO_COLOR, keeps .NET from sending the code that prepares a terminal's keys. Call it before any output.
    /// </summary>
    public static void KeepPlain()
    {
        if (HasNoColor) Environment.SetEnvironmentVariable("TERM", "dumb");
    }

    /// <summary>A console on a terminal.</summary>
    public static IAnsiConsole Live(TextWriter stream) => Create(stream, InteractionSupport.Yes, AnsiSupport.Detect);

    /// <summary>A console that writes plain text.</summary>
    public static IAnsiConsole Plain(TextWriter stream)
    {
        IAnsiConsole console = Create(stream, InteractionSupport.No, AnsiSupport.No);
        console.Profile.Width = PlainWidth;
        return console;
    }

    /// <summary>Shows the cursor again, which a live view hides. It is for a process that ends at once.</summary>
    public static void ShowCursor()
    {
        foreach (TextWriter stream in new[] { Console.Out, Console.Error })
        {
            if (Has(stream)) stream.Write("\e[?25h");
        }
    }

    // Enrichers would switch escape codes on where GITHUB_ACTIONS is set.
    private static IAnsiConsole Create(TextWriter stream, InteractionSupport interactive, AnsiSupport ansi) =>
        AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(stream),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Interactive = interactive,
            Ansi = ansi,
            ColorSystem = ansi == AnsiSupport.No ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
}

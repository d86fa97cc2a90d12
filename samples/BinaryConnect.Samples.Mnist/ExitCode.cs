using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace BinaryConnect.Samples.Mnist;

/// <summary>The exit codes of the process, and the part of the help that lists them.</summary>
internal static class ExitCode
{
    /// <summary>The run ended.</summary>
    public const int Done = 0;

    /// <summary>The run began and failed.</summary>
    public const int Failed = 1;

    /// <summary>Options or data are wrong. Nothing was trained.</summary>
    public const int WrongUsage = 2;

    /// <summary>Ctrl-C ended the run. As in shells, the code is 128 and the number of the signal.</summary>
    public const int Interrupted = 128 + 2;

    /// <summary>SIGTERM ended the run.</summary>
    public const int Terminated = 128 + 15;

    private const string Help = """
        Exit codes:
          0    The run ended.
          1    The run failed: it diverged, or its results could not be written.
          2    Options or data are wrong, and nothing was trained.
          130  Ctrl-C ended the run after a step, with its results so far; 143 for SIGTERM. A second one ends it at once.

        """;

    /// <summary>Adds the list to the help of a command and its subcommands.</summary>
    public static void AddHelp(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new Listing((SynchronousCommandLineAction)help.Action!);
    }

    private sealed class Listing(SynchronousCommandLineAction options) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int code = options.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(Help.ReplaceLineEndings());
            return code;
        }
    }
}

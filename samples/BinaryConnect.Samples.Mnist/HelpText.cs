using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace BinaryConnect.Samples.Mnist;

/// <summary>The end of each command's help: an example, and the exit codes.</summary>
internal static class HelpText
{
    private const string ExitCodes = """
        Exit codes:
          0    The command did what it says.
          1    The run failed: it diverged, or its results could not be written.
          2    Options or data are wrong, and nothing was trained or written.
          130  Ctrl-C ended the run after a step, with its results so far; 143 for
               SIGTERM. A second one ends it at once.

        """;

    // The root has the name of the program, which is not known here.
    private static readonly Dictionary<string, string> Examples = new()
    {
        ["train"] = "train --recipe best --save digits.safetensors",
        ["mlp"] = "mlp --epochs 5 --checkpoint run.safetensors",
        ["evaluate"] = "evaluate digits.packed",
        ["predict"] = "predict digits.packed digit.png",
        ["pack"] = "pack digits.safetensors digits.packed",
        ["export"] = "export digits.packed firmware --to c --name digits",
        ["inspect"] = "inspect digits.packed",
        ["experiment"] = "experiment post-training --seeds 1,2,3",
    };

    private const string RootExample = "--recipe best --pack digits.packed";

    /// <summary>Adds the text to the help of a command and its subcommands.</summary>
    public static void AddTo(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Aliases.Clear();
        help.Aliases.Add("-h");
        help.Action = new Ending((SynchronousCommandLineAction)help.Action!, root.Name);
    }

    private sealed class Ending(SynchronousCommandLineAction options, string program) : SynchronousCommandLineAction
    {
        // Otherwise a missing argument would be refused before the help is shown.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            try
            {
                int code = options.Invoke(parseResult);
                WriteEnd(parseResult.InvocationConfiguration.Output, parseResult.CommandResult.Command.Name);
                return code;
            }
            catch (IOException fault)
            {
                parseResult.InvocationConfiguration.Error.WriteLine(fault.Message);
                return ExitCode.Failed;
            }
        }

        private void WriteEnd(TextWriter output, string command)
        {
            output.WriteLine("Example:");
            output.WriteLine($"  {program} {Examples.GetValueOrDefault(command, RootExample)}");
            output.WriteLine();
            output.WriteLine(ExitCodes.ReplaceLineEndings());
        }
    }
}

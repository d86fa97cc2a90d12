using System.CommandLine;
using System.CommandLine.Parsing;
using BinaryConnect.Samples.Mnist.Export;
using BinaryConnect.Samples.Mnist.Multilayer;
using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist;

/// <summary>Options, their faults, and the exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        using var interrupt = new Interrupt();
        ParseResult parsed = Build(output, error).Parse(args);
        if (parsed.Errors.Count > 0) return Refuse(error, Describe(parsed, parsed.Errors[0]));

        // Without a timeout System.CommandLine leaves signals alone. With one it ends a run that still saves its state.
        var configuration = new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null };
        int exitCode = await parsed.InvokeAsync(configuration, interrupt.Token);
        return exitCode == ExitCode.Interrupted ? interrupt.ExitCode : exitCode;
    }

    /// <summary>Prints the fault of the options, and returns the exit code.</summary>
    public static int Refuse(TextWriter error, string message) => Fail(error, message, ExitCode.WrongUsage);

    /// <summary>Runs a job and returns the exit code.</summary>
    public static Task<int> RunJob(Func<StopReason> job, TextWriter error) => Task.Run(() =>
    {
        try
        {
            return job() == StopReason.Cancelled ? ExitCode.Interrupted : ExitCode.Done;
        }
        catch (Exception fault) when (
            fault is OutOfMemoryException or TrainingStoppedException { InnerException: OutOfMemoryException })
        {
            return Refuse(error, "There is not enough memory for such a network.");
        }
        catch (TrainingStoppedException fault) when (fault is { InnerException: RunFailedException, Report: not null })
        {
            string place = $"The run ended after step {fault.Report.Steps.Count:N0}: ";
            return Fail(error, place + fault.InnerException.Message, ExitCode.Failed);
        }
        catch (Exception fault) when (fault is TrainingStoppedException or RunFailedException)
        {
            return Fail(error, fault.Message, ExitCode.Failed);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return Refuse(error, fault.Message);
        }
    });

    private static string Describe(ParseResult parsed, ParseError fault)
    {
        Command command = parsed.CommandResult.Command;
        string? unknown = parsed.UnmatchedTokens.FirstOrDefault(
            token => fault.Message.Contains($"'{token}'", StringComparison.Ordinal));
        if (unknown is not null)
        {
            string help = command is RootCommand ? "'--help' lists commands and" : $"'{command.Name} --help' lists its";
            return $"{fault.Message} {help} options.";
        }

        // System.CommandLine does not name the argument that is missing.
        if (fault.SymbolResult is not ArgumentResult { Tokens: [], Parent: CommandResult } missing) return fault.Message;
        string usage = string.Join(' ', command.Arguments.Select(argument => argument.Name).Prepend(command.Name));
        return $"'{missing.Argument.Name}' is missing; the command must be such as '{usage}'.";
    }

    private static RootCommand Build(TextWriter output, TextWriter error)
    {
        var root = new RootCommand(
            "Trains models with binary weights (BinaryConnect) on MNIST, and uses what it trained. "
            + "Without a command it trains, as 'train' does.");
        TrainCommand.AddTo(root, output, error);
        var train = new Command("train", "Trains softmax regression.");
        train.Validators.Add(OptionParsing.CheckPlace);
        TrainCommand.AddTo(train, output, error);
        root.Subcommands.Add(train);
        root.Subcommands.Add(new MultilayerCommand(output, error));
        root.Subcommands.Add(new EvaluateCommand(output, error));
        root.Subcommands.Add(new PredictCommand(output, error));
        root.Subcommands.Add(new PackCommand(output, error));
        root.Subcommands.Add(new ExportCommand(output, error));
        root.Subcommands.Add(new InspectCommand(output, error));
        root.Subcommands.Add(new ExperimentCommand(output, error));
        HelpText.AddTo(root);
        return root;
    }

    private static int Fail(TextWriter error, string message, int exitCode)
    {
        error.WriteLine(message.ReplaceLineEndings(" "));
        return exitCode;
    }
}

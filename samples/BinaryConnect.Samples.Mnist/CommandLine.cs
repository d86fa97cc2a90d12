using System.CommandLine;
using BinaryConnect.Samples.Mnist.Multilayer;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist;

/// <summary>Options, their faults, and the exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        RootCommand root = Build(output, error);
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0) return Refuse(error, parsed.Errors[0].Message);
        using var interrupt = new Interrupt();

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
        catch (Exception fault) when (fault is TrainingStoppedException or RunFailedException)
        {
            return Fail(error, fault.Message, ExitCode.Failed);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return Refuse(error, fault.Message);
        }
    });

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
        HelpText.AddTo(root);
        return root;
    }

    private static int Fail(TextWriter error, string message, int exitCode)
    {
        error.WriteLine(message.ReplaceLineEndings(" "));
        return exitCode;
    }
}

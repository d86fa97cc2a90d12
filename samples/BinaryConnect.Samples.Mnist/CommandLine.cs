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
        Option<int> seed = SharedOptions.Seed("the weights, the order of the examples and stochastic binarization");
        var steps = new Option<int?>("--steps")
        {
            Description = "Steps to take at the most. [default: the recipe's]",
            HelpName = "NUMBER",
            CustomParser = result => OptionParsing.Number(result, "--steps", 1, "a whole number of at least 1"),
        };
        Option<BinarizerKind?> binarizer = SharedOptions.Binarizer();
        Option<RecipeKind?> recipe = SharedOptions.Choice<RecipeKind>(
            "--recipe", "How to train: as the tutorial does, or for the best one-bit accuracy. [default: tutorial]");
        Option<string> data = SharedOptions.Data(), json = SharedOptions.Json();

        var root = new RootCommand(
            "Trains softmax regression with binary weights (BinaryConnect) on MNIST, or, by the command mlp, a network.")
        {
            seed, steps, binarizer, recipe, data, json,
        };
        ExitCode.AddHelp(root);
        root.Subcommands.Add(new MultilayerCommand(output, error));
        root.SetAction((parsed, cancellation) =>
        {
            var arguments = new Arguments(
                parsed.GetValue(seed),
                parsed.GetValue(steps),
                parsed.GetValue(binarizer) ?? BinarizerKind.Deterministic,
                parsed.GetValue(recipe) ?? RecipeKind.Tutorial,
                parsed.GetValue(data) ?? SharedOptions.DefaultDataFolder,
                parsed.GetValue(json));
            return RunJob(() => MainJob.Run(arguments, Streams.For(output, error, arguments.JsonFile), cancellation), error);
        });
        return root;
    }

    private static int Fail(TextWriter error, string message, int exitCode)
    {
        error.WriteLine(message.ReplaceLineEndings(" "));
        return exitCode;
    }
}

using System.CommandLine;
using BinaryConnect.Samples.Mnist.Multilayer;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist;

/// <summary>
/// Options, their faults, and the exit code: 0 when a run ended (Ctrl-C included), 1 when it diverged, 2 for bad options or data.
/// </summary>
internal static class CommandLine
{
    private const int Diverged = 1;
    private const int BadInput = 2;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        RootCommand root = Build(output, error);
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0) return Refuse(error, parsed.Errors[0].Message);
        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
    }

    /// <summary>Says what is wrong with the options, and gives the exit code.</summary>
    public static int Refuse(TextWriter error, string message) => Fail(error, message, BadInput);

    /// <summary>Runs a job on another thread, so that Ctrl-C is listened to meanwhile, and gives the exit code.</summary>
    public static Task<int> RunJob(Action job, TextWriter error) => Task.Run(() =>
    {
        try
        {
            job();
            return 0;
        }
        catch (TrainingDivergedException fault)
        {
            return Fail(error, fault.Message, Diverged);
        }
        catch (Exception fault) when (fault is OutOfMemoryException or TrainingStoppedException { InnerException: OutOfMemoryException })
        {
            return Refuse(error, "There is not enough memory for such a network.");
        }
        catch (TrainingStoppedException fault) when (fault.InnerException is IOException or UnauthorizedAccessException)
        {
            return Refuse(error, fault.Message);
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
        Option<string> data = SharedOptions.Data(), json = SharedOptions.File("--json", "Writes the whole report to this file.");

        var root = new RootCommand("Trains softmax regression with binary weights (BinaryConnect) on MNIST, or, by the command mlp, a network.")
        {
            seed, steps, binarizer, recipe, data, json,
        };
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
            return RunJob(() => MainJob.Run(arguments, output, error, cancellation), error);
        });
        return root;
    }

    private static int Fail(TextWriter error, string message, int exitCode)
    {
        error.WriteLine(message.ReplaceLineEndings(" "));
        return exitCode;
    }
}

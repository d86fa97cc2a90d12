using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace BinaryConnect.Samples.Mnist;

/// <summary>Options, their faults, and the exit code: 0 when a run ended (Ctrl-C included), 2 for bad options or data.</summary>
internal static class CommandLine
{
    private const int DefaultSeed = 1234;
    private const int BadInput = 2;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        RootCommand root = Build(output, error);
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0) return Fail(error, parsed.Errors[0].Message);
        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
    }

    private static RootCommand Build(TextWriter output, TextWriter error)
    {
        var seed = new Option<int>("--seed")
        {
            Description = "Seeds the weights, the order of the examples and stochastic binarization.",
            HelpName = "NUMBER",
            DefaultValueFactory = _ => DefaultSeed,
            CustomParser = result => Number(result, "--seed", int.MinValue, "a whole number"),
        };
        var steps = new Option<int?>("--steps")
        {
            Description = "Steps to take at the most. [default: the recipe's]",
            HelpName = "NUMBER",
            CustomParser = result => Number(result, "--steps", 1, "a whole number of at least 1"),
        };
        var binarizer = new Option<BinarizerKind>("--binarizer")
        {
            Description = "What makes the weights that are propagated. [default: deterministic]",
            HelpName = "deterministic|stochastic|none",
            CustomParser = result => Choice<BinarizerKind>(result, "--binarizer"),
        };
        var recipe = new Option<RecipeKind>("--recipe")
        {
            Description = "How to train: as the tutorial does, or for the best one-bit accuracy. [default: tutorial]",
            HelpName = "tutorial|best",
            CustomParser = result => Choice<RecipeKind>(result, "--recipe"),
        };
        var data = new Option<string>("--data")
        {
            Description = "The folder with MNIST's four files. [default: the ones that come with the sample]",
            HelpName = "FOLDER",
        };
        var json = new Option<string>("--json")
        {
            Description = "Writes the whole report to this file.",
            HelpName = "FILE",
        };
        data.Validators.Add(result => CheckNotEmpty(result, "--data", "a folder"));
        json.Validators.Add(result => CheckNotEmpty(result, "--json", "a file"));
        json.Validators.Add(CheckJsonFile);

        var root = new RootCommand("Trains softmax regression with binary weights (BinaryConnect) on MNIST.") { seed, steps, binarizer, recipe, data, json };
        root.SetAction((parsed, cancellation) =>
        {
            var arguments = new Arguments(
                parsed.GetValue(seed),
                parsed.GetValue(steps),
                parsed.GetValue(binarizer),
                parsed.GetValue(recipe),
                parsed.GetValue(data) ?? Path.Combine(AppContext.BaseDirectory, "data", "mnist"),
                parsed.GetValue(json));
            // On another thread, so that Ctrl-C is listened to meanwhile.
            return Task.Run(() => Train(arguments, output, error, cancellation), CancellationToken.None);
        });
        return root;
    }

    private static int Train(Arguments arguments, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            MainJob.Run(arguments, output, error, cancellation);
            return 0;
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return Fail(error, fault.Message);
        }
    }

    private static int Fail(TextWriter error, string message)
    {
        error.WriteLine(message.ReplaceLineEndings(" "));
        return BadInput;
    }

    private static int Number(ArgumentResult result, string option, int minimum, string expected)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= minimum) return number;
        result.AddError($"'{option}' is '{text}'; it must be {expected}.");
        return 0;
    }

    private static T Choice<T>(ArgumentResult result, string option)
        where T : struct, Enum
    {
        string text = result.Tokens[0].Value;
        string[] names = Array.ConvertAll(Enum.GetNames<T>(), name => name.ToLowerInvariant());
        int index = Array.IndexOf(names, text);
        if (index >= 0) return Enum.GetValues<T>()[index];
        result.AddError($"'{option}' is '{text}'; it must be {string.Join(", ", names[..^1])} or {names[^1]}.");
        return default;
    }

    private static void CheckNotEmpty(OptionResult result, string option, string expected)
    {
        if (result.Tokens is [{ Value: var text }] && string.IsNullOrWhiteSpace(text)) result.AddError($"'{option}' is '{text}'; it must be {expected}.");
    }

    private static void CheckJsonFile(OptionResult result)
    {
        if (result.Tokens is not [{ Value: var file }] || string.IsNullOrWhiteSpace(file)) return;
        string? folder = Path.GetDirectoryName(Path.GetFullPath(file));
        if (Directory.Exists(file)) result.AddError($"'--json' is '{file}', a folder; it must be a file.");
        else if (!Directory.Exists(folder)) result.AddError($"'--json' is '{file}'; its folder '{folder}' does not exist.");
    }
}

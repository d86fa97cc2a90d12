using System.CommandLine;
using BinaryConnect.Samples.Mnist.Saved;

namespace BinaryConnect.Samples.Mnist;

/// <summary>The options that train softmax regression: those of the program itself, and of the command train.</summary>
internal sealed class TrainCommand
{
    private readonly Option<int> _seed = SharedOptions.Seed(
        "the weights, the order of the examples and stochastic binarization");

    private readonly Option<int?> _steps = new("--steps")
    {
        Description = "Steps to take at the most. [default: the recipe's]",
        HelpName = "NUMBER",
        CustomParser = result => OptionParsing.Number(result, "--steps", 1, "a whole number of at least 1"),
    };

    private readonly Option<BinarizerKind?> _binarizer = SharedOptions.Binarizer();

    private readonly Option<RecipeKind?> _recipe = SharedOptions.Choice<RecipeKind>(
        "--recipe",
        "How to train: as the tutorial does, or for the best one-bit accuracy; or a network for microcontrollers, tiny or "
        + "small. [default: tutorial, and then best with one bit and with real weights, to compare; --binarizer leaves that "
        + "out]");

    private readonly Option<string> _save = SharedOptions.Save(), _pack = SharedOptions.Pack();
    private readonly Option<string> _data = SharedOptions.Data(), _json = SharedOptions.Json();

    /// <summary>Adds the options and the job to a command.</summary>
    public static void AddTo(Command command, TextWriter output, TextWriter error)
    {
        var train = new TrainCommand();
        Option[] options =
        [
            train._seed, train._steps, train._binarizer, train._recipe, train._save, train._pack, train._data, train._json,
        ];
        foreach (Option option in options) command.Options.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            Arguments arguments = train.Read(parsed);
            return FaultOf(arguments) is string fault
                ? Task.FromResult(CommandLine.Refuse(error, fault))
                : CommandLine.RunJob(
                    () => MainJob.Run(arguments, Streams.For(output, error, arguments.JsonFile), cancellation), error);
        });
    }

    private static string? FaultOf(Arguments arguments) => OptionParsing.FaultOfFiles(
        ("--save", arguments.Outputs.SaveFile), ("--pack", arguments.Outputs.PackFile), ("--json", arguments.JsonFile));

    private Arguments Read(ParseResult parsed) => new(
        parsed.GetValue(_seed),
        parsed.GetValue(_steps),
        parsed.GetValue(_binarizer) ?? BinarizerKind.Deterministic,
        parsed.GetValue(_recipe) ?? RecipeKind.Tutorial,
        parsed.GetValue(_data) ?? SharedOptions.DefaultDataFolder,
        parsed.GetValue(_json))
    {
        Outputs = new ModelOutputs(parsed.GetValue(_save), parsed.GetValue(_pack)),

        // Who chooses a recipe or a binarizer wants that run alone.
        Compares = parsed.GetValue(_recipe) is null && parsed.GetValue(_binarizer) is null,
    };
}

using System.CommandLine;
using BinaryConnect.Models;
using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>The command mlp and its options.</summary>
internal sealed class MultilayerCommand : Command
{
    private static readonly int[] PaperHiddenUnits = [1024, 1024, 1024];

    private readonly Option<MultilayerRecipeKind?> _recipe = SharedOptions.Choice<MultilayerRecipeKind>(
        "--recipe", "How to train: in minutes, as the paper does, or as its authors' later code does. [default: fast]");

    private readonly Option<BinarizerKind?> _binarizer = SharedOptions.Binarizer();

    private readonly Option<Activation?> _activation = SharedOptions.Choice<Activation>(
        "--activation", "The activation function of hidden layers; with sign, activations are bits, too. [default: relu]");

    private readonly Option<float> _dropout = Dropout("--dropout", "hidden values", MultilayerOptions.HiddenDropout);

    private readonly Option<float> _inputDropout = Dropout("--input-dropout", "pixels", MultilayerOptions.InputDropout);

    private readonly Option<FirstWeightsKind?> _firstWeights = SharedOptions.Choice<FirstWeightsKind>(
        "--first-weights",
        "The range of the first latent weights: (-1, 1), or Glorot's. "
        + "[default: between-signs; glorot with --binarizer none]");

    private readonly Option<OptimizerKind?> _optimizer = SharedOptions.Choice<OptimizerKind>(
        "--optimizer", "The optimizer of the weights. [default: the recipe's]");

    private readonly Option<LearningRates?> _rates = new("--learning-rate")
    {
        Description = "The rate of the first epoch and of the last. [default: those that suit the optimizer]",
        HelpName = "FIRST:LAST",
        CustomParser = result => MultilayerOptions.Rates(result, "--learning-rate"),
    };

    private readonly Option<RateScaling?> _rateScaling = SharedOptions.Choice<RateScaling>(
        "--rate-scaling",
        "Multiplies the rate of binary weights by 1/c or 1/c² of Glorot's coefficient c. "
        + "[default: the paper's with the optimizer]");

    private readonly Option<int> _seed = SharedOptions.Seed(
        "the weights, the order of the examples, stochastic binarization and dropout");

    private readonly Option<int?> _epochs = Count(
        "--epochs", "Epochs to train; the learning rate falls over all of them. [default: the recipe's]");

    private readonly Option<IReadOnlyList<int>> _hidden = new("--hidden")
    {
        Description = "The hidden layers: 1024x3 for three of 1,024 units, 512,256 for two. [default: 1024x3, the paper's]",
        HelpName = "UNITS",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => MultilayerOptions.HiddenUnits(result, "--hidden"),
    };

    private readonly Option<EvaluationWeights?> _evaluationWeights = SharedOptions.Choice<EvaluationWeights>(
        "--evaluation-weights",
        "The weights that are tested: the signs, those of the last step, the latent real ones, or several networks drawn at "
        + "random, averaged. [default: inference for the deterministic binarizer, otherwise latent, as in the paper]");

    private readonly Option<int?> _threads = Count(
        "--threads", "Threads that train; results are the same for any number. [default: one for each processor]");

    private readonly Option<string> _checkpoint = SharedOptions.File(
        "--checkpoint",
        "Keeps the state of the run in this file (safetensors) after each epoch, and when Ctrl-C ends it; the test figures "
        + "are in FILE.epochs.json.");

    private readonly Option<bool> _resume = new("--resume") { Description = "Continues from the checkpoint." };

    private readonly Option<string> _csv = SharedOptions.FileOrOutput("--csv", "Writes a row to this file after each epoch.");

    private readonly Option<string> _json = SharedOptions.Json();

    private readonly Option<string> _save = SharedOptions.Save(), _pack = SharedOptions.Pack();

    private readonly Option<string> _data = SharedOptions.Data();

    public MultilayerCommand(TextWriter output, TextWriter error)
        : base("mlp", "Trains a network of binary weights as the paper does: batch normalization, squared hinge loss.")
    {
        Option[] options =
        [
            _recipe, _activation, _binarizer, _dropout, _inputDropout, _firstWeights, _optimizer, _rates, _rateScaling,
            _seed, _epochs, _hidden, _evaluationWeights, _threads, _checkpoint, _resume, _save, _pack, _csv, _json, _data,
        ];
        foreach (Option option in options) Options.Add(option);
        Validators.Add(OptionParsing.CheckPlace);
        SetAction((parsed, cancellation) =>
        {
            MultilayerArguments arguments = Read(parsed);
            return MultilayerOptions.FaultOf(arguments) is string fault
                ? Task.FromResult(CommandLine.Refuse(error, fault))
                : CommandLine.RunJob(() => MultilayerJob.Run(arguments, StreamsOf(arguments), cancellation), error);

            Streams StreamsOf(MultilayerArguments job) => Streams.For(output, error, job.JsonFile, job.CsvFile);
        });
    }

    private MultilayerArguments Read(ParseResult parsed) => new(
        parsed.GetValue(_recipe) ?? MultilayerRecipeKind.Fast,
        parsed.GetValue(_binarizer) ?? BinarizerKind.Deterministic,
        parsed.GetValue(_dropout),
        parsed.GetValue(_seed),
        parsed.GetValue(_epochs),
        parsed.GetValue(_hidden) ?? PaperHiddenUnits,
        parsed.GetValue(_evaluationWeights),
        parsed.GetValue(_threads),
        parsed.GetValue(_checkpoint),
        parsed.GetValue(_resume),
        parsed.GetValue(_csv),
        parsed.GetValue(_json),
        parsed.GetValue(_data) ?? SharedOptions.DefaultDataFolder)
    {
        Outputs = new ModelOutputs(parsed.GetValue(_save), parsed.GetValue(_pack)),
        Activation = parsed.GetValue(_activation) ?? Activation.Relu,
        InputDropout = parsed.GetValue(_inputDropout),
        FirstWeights = parsed.GetValue(_firstWeights),
        Optimizer = parsed.GetValue(_optimizer),
        Rates = parsed.GetValue(_rates),
        RateScaling = parsed.GetValue(_rateScaling),
    };

    private static Option<float> Dropout(string name, string values, float rate) => new(name)
    {
        Description = FormattableString.Invariant(
            $"Drops {values} in training, with probability RATE. [default: none; {rate} without RATE]"),
        HelpName = "RATE",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => MultilayerOptions.Dropout(result, name, rate),
    };

    private static Option<int?> Count(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        CustomParser = result => OptionParsing.Number(result, name, 1, "a whole number of at least 1"),
    };
}

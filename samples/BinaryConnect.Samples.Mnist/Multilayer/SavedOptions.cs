using System.Globalization;
using System.Text.RegularExpressions;
using BinaryConnect.Inference;
using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>The options of the run that wrote a checkpoint. A run that goes on from it must have the same.</summary>
internal sealed partial class SavedOptions
{
    private readonly string _file;
    private readonly IReadOnlyDictionary<string, string> _texts;

    /// <summary>Reads them. A file that is no checkpoint has none, and the trainer refuses it.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public SavedOptions(string file)
    {
        _file = file;
        IReadOnlyDictionary<string, string> texts = ModelFile.Inspect(file);
        _texts = FileContent.KindOf(texts) == FileContent.Checkpoint ? texts : new Dictionary<string, string>();
    }

    // A single epoch has no schedule.
    private bool HasOneRate => Saved("schedule") == "constant";

    /// <summary>
    /// The arguments of a run that goes on. Its learning rate falls over the epochs of the run before, and then stays
    /// the last one. Without a number of epochs it ends with the run before.
    /// </summary>
    public MultilayerArguments Continue(MultilayerArguments arguments)
    {
        bool isKnown = int.TryParse(HasOneRate ? "1" : Saved("schedule.epochs"), CultureInfo.InvariantCulture, out int epochs);
        return isKnown ? arguments with { ScheduledEpochs = epochs, Epochs = arguments.Epochs ?? epochs } : arguments;
    }

    /// <summary>The options to change, in one line; null if there is none.</summary>
    /// <param name="arguments">The arguments of the run that goes on.</param>
    /// <param name="options">Its options, which these arguments give.</param>
    public string? FaultOf(MultilayerArguments arguments, TrainerOptions options)
    {
        OptimizerKind optimizer = MultilayerRecipe.OptimizerOf(arguments);
        LearningRates rates = MultilayerRecipe.RatesOf(arguments);
        string faults = "";
        Check("seed", arguments.Seed, Saved("seed"));
        Check("hidden", string.Join(',', arguments.HiddenUnits), Saved("model.hidden_units").Trim('[', ']').Replace(" ", ""));
        Check("activation", OptionParsing.NameOf(arguments.Activation), Saved("model.activation"));
        Check("dropout", arguments.Dropout, Saved("model.hidden_dropout"));
        Check("input-dropout", arguments.InputDropout, Saved("model.input_dropout"));
        Check("binarizer", OptionParsing.NameOf(arguments.Binarizer), Saved("binarizer").Replace("identity", "none"));
        Check("recipe", RecipeOf($"{options.BatchSize}"), RecipeOf(Saved("batch_size")));
        Check("optimizer", OptionParsing.NameOf(optimizer), SavedOptimizer(), arguments.Optimizer is not null);
        Check("learning-rate", TextOf(rates), SavedRates(), arguments.Rates is not null);
        string scaling = OptionParsing.NameOf(options.RateScaling), weights = OptionParsing.NameOf(options.EvaluationWeights);
        Check("rate-scaling", scaling, Saved("rate_scaling"), arguments.RateScaling is not null);
        Check("evaluation-weights", weights, Saved("evaluation_weights"), arguments.EvaluationWeights is not null);
        return faults.Length == 0 ? null : $"'{_file}' is of a run with other options.{faults}";

        // A value that was not given may follow from an option that differs already.
        void Check(string option, object own, string saved, bool isGiven = true)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{own}"), expected = saved.Replace('_', '-');
            if (expected.Length > 0 && name != expected && (isGiven || faults.Length == 0))
                faults += $" '--{option}' is {name}; it must be {expected}.";
        }
    }

    /// <summary>What the trainer refused, in one line of options where it is one of them.</summary>
    public string Describe(ArgumentException fault, MultilayerArguments arguments, TrainerOptions options)
    {
        if (fault.Message.Contains("_data", StringComparison.Ordinal))
            return $"'--data' has other images than the run of '{_file}'; it must be '--data' of that run.";
        Match match = SavedStep().Match(fault.Message);
        if (!match.Success) return fault.Message;
        double steps = int.Parse(match.ValueSpan, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        double least = Math.Ceiling(steps / options.EvaluateEverySteps!.Value);
        return $"'--epochs' is {arguments.Epochs}; it must be at least {least}, since '{_file}' was saved after step {steps:N0}.";
    }

    // Fast and published differ in their epochs alone.
    private static string RecipeOf(string batchSize) =>
        batchSize == $"{MultilayerRecipe.For(MultilayerRecipeKind.LaterCode).BatchSize}"
            ? OptionParsing.NameOf(MultilayerRecipeKind.LaterCode)
            : $"{OptionParsing.NameOf(MultilayerRecipeKind.Fast)} or {OptionParsing.NameOf(MultilayerRecipeKind.Published)}";

    private string SavedOptimizer() =>
        Saved("optimizer.nesterov") == "true" ? OptionParsing.NameOf(OptimizerKind.Nesterov) : Saved("optimizer");

    private string TextOf(LearningRates rates) => HasOneRate
        ? string.Create(CultureInfo.InvariantCulture, $"{rates.First}")
        : string.Create(CultureInfo.InvariantCulture, $"{rates.First}:{rates.Last}");

    private string SavedRates() =>
        HasOneRate ? Saved("schedule.rate") : $"{Saved("schedule.initial_rate")}:{Saved("schedule.final_rate")}".Trim(':');

    [GeneratedRegex(@"(?<=it was saved after step )[\d,]+(?=; 'MaxSteps')")]
    private static partial Regex SavedStep();

    private string Saved(string key) => _texts.GetValueOrDefault(key, "");
}

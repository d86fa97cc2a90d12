using System.CommandLine.Parsing;
using System.Globalization;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>Reads the values that only the mlp command has, and finds values that contradict each other.</summary>
internal static class MultilayerOptions
{
    /// <summary>The rates of dropout without a value, those of BinaryNet (arXiv 1602.02830).</summary>
    public const float HiddenDropout = 0.5f, InputDropout = 0.2f;

    // A square matrix of more units has more weights than an array holds.
    private const int MaxUnits = 32_767;
    private const int MaxLayers = 100;

    /// <summary>Reads a probability below 1; the given one if the option has no value.</summary>
    public static float Dropout(ArgumentResult result, string option, float withoutValue)
    {
        if (result.Tokens.Count == 0) return withoutValue;
        string text = result.Tokens[0].Value;
        bool isNumber = float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float rate);
        if (isNumber && rate is >= 0 and < 1) return rate;
        result.AddError($"'{option}' is '{text}'; it must be a number of at least 0 and below 1.");
        return 0;
    }

    /// <summary>Reads learning rates: "0.3:0.01" falls from 0.3 to 0.01; "0.1" is constant.</summary>
    public static LearningRates? Rates(ArgumentResult result, string option)
    {
        string text = result.Tokens[0].Value;
        string[] ends = text.Split(':');
        if (ends.Length <= 2 && IsRate(ends[0], out float first) && IsRate(ends[^1], out float last))
            return new LearningRates(first, last);
        result.AddError($"'{option}' is '{text}'; it must be a positive number, or two such as 0.3:0.01.");
        return null;
    }

    /// <summary>Reads the units of hidden layers: "1024x3" is 1024, 1024, 1024; "512,256" is 512, 256.</summary>
    public static IReadOnlyList<int> HiddenUnits(ArgumentResult result, string option)
    {
        string text = result.Tokens[0].Value;
        var units = new List<int>();
        foreach (string part in text.Split(','))
        {
            string[] factors = part.Split('x');
            int width = 0, layers = 1;
            bool isGood = factors.Length <= 2
                && IsCount(factors[0], MaxUnits, out width)
                && (factors.Length == 1 || IsCount(factors[1], MaxLayers - units.Count, out layers));
            if (!isGood)
            {
                result.AddError(
                    $"'{option}' is '{text}'; it must be such as 1024x3 or 512,256, "
                    + $"of at most {MaxLayers} layers of at most {MaxUnits:N0} units.");
                return [];
            }

            units.AddRange(Enumerable.Repeat(width, layers));
        }

        return units;
    }

    /// <summary>The fault of options taken together; null if there is none.</summary>
    public static string? FaultOf(MultilayerArguments arguments)
    {
        if (arguments is { EvaluationWeights: EvaluationWeights.SampledAverage, Binarizer: not BinarizerKind.Stochastic })
            return "'--evaluation-weights' is 'sampled-average'; that must go with '--binarizer stochastic', "
                + "whose weights are drawn at random.";
        if (arguments is { CsvFile: Streams.StandardOutput, JsonFile: Streams.StandardOutput })
            return "'--csv' and '--json' are both '-', the standard output; one must be a file.";
        return OptionParsing.FaultOfFiles(
            ("--save", arguments.Outputs.SaveFile),
            ("--pack", arguments.Outputs.PackFile),
            ("--checkpoint", arguments.CheckpointFile),
            ("--csv", arguments.CsvFile),
            ("--json", arguments.JsonFile))
            ?? FaultOfCheckpoint(arguments.CheckpointFile, arguments.Resume);
    }

    private static string? FaultOfCheckpoint(string? file, bool resume) => (resume, File.Exists(file)) switch
    {
        (true, false) when file is null => "'--resume' is given without '--checkpoint'; it must name the file to go on from.",
        (true, false) => $"'--resume' is given and there is no '--checkpoint' file '{file}'; without '--resume' it is made.",
        (false, true) =>
            $"'--checkpoint' is '{file}', which exists; '--resume' goes on from it, and a new run must have a new file.",
        _ => null,
    };

    private static bool IsRate(string text, out float rate) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out rate) && rate > 0 && float.IsFinite(rate);

    private static bool IsCount(string text, int maximum, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 1 && count <= maximum;
}

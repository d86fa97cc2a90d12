using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using BinaryConnect.Samples.Mnist.Multilayer;
using BinaryConnect.Samples.Mnist.OneBit;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist;

/// <summary>
/// The report that --json writes, of a linear model or of a network. The evaluations of a network are those of the
/// epochs that improved the validation error. Its final figures are those of the last such epoch. A value that an
/// option has too is the option's word.
/// </summary>
internal sealed record RunReport(
    int Steps,
    double Seconds,
    int Seed,
    string Recipe,
    string Binarizer,
    string EvaluationWeights,
    string StopReason,
    double? FinalTestLoss,
    double? FinalTestAccuracy,
    double? BestTestAccuracy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RunReport.NetworkRun? Network,
    IReadOnlyList<RunReport.Evaluation> Evaluations,
    IReadOnlyList<RateChange> RateChanges,
    IReadOnlyList<StepResult> History,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OneBitReport? OneBit = null)
{
    /// <summary>Throws if the report could not be written, so that a fault is found before the run.</summary>
    /// <param name="file">A file, the standard output, or null for no report.</param>
    public static void CheckWritable(string? file)
    {
        if (file is not (null or Streams.StandardOutput)) WholeFile.CheckWritable(file);
    }

    /// <summary>Facts of a run by name, for the notes of its model.</summary>
    public static Dictionary<string, string> FactsOf(TrainingReport report, string recipe, BinarizerKind binarizer, int seed) =>
        new()
        {
            ["data"] = "MNIST",
            ["recipe"] = recipe,
            ["binarizer"] = OptionParsing.NameOf(binarizer),
            ["seed"] = seed.ToString(CultureInfo.InvariantCulture),
            ["steps"] = report.Steps.Count.ToString(CultureInfo.InvariantCulture),
            ["stop_reason"] = OptionParsing.NameOf(report.StopReason),
        };

    /// <summary>The run of a linear model.</summary>
    public static RunReport Of(Arguments arguments, TrainingReport report)
    {
        string recipe = OptionParsing.NameOf(arguments.Recipe);
        return Of(report, arguments.Seed, recipe, arguments.Binarizer, report.Evaluations, network: null);
    }

    /// <summary>The run of a network.</summary>
    public static RunReport Of(
        MultilayerArguments arguments, TrainerOptions options, TrainingReport report, EpochTable table)
    {
        var network = new NetworkRun(
            arguments.HiddenUnits,
            OptionParsing.NameOf(arguments.Activation),
            arguments.Dropout,
            arguments.InputDropout,
            $"{options.Optimizer}",
            $"{options.Schedule}",
            OptionParsing.NameOf(options.RateScaling),
            table.Best?.Epoch,
            table.Rows);
        string recipe = OptionParsing.NameOf(arguments.Recipe);
        return Of(report, arguments.Seed, recipe, arguments.Binarizer, table.TestEvaluations, network);
    }

    /// <summary>Writes the report.</summary>
    /// <param name="file">A file, the standard output, or null for no report.</param>
    /// <param name="streams">The streams of the job, one of which gets the name of the file.</param>
    public void Write(string? file, Streams streams)
    {
        if (file is null) return;
        if (file == Streams.StandardOutput)
        {
            streams.Data.WriteLine(JsonSerializer.Serialize(this, RunReportContext.Default.RunReport));
            return;
        }

        WholeFile.Write(file, stream => JsonSerializer.Serialize(stream, this, RunReportContext.Default.RunReport));
        streams.Text.WriteLine($"Report in {file}");
    }

    private static RunReport Of(
        TrainingReport report,
        int seed,
        string recipe,
        BinarizerKind binarizer,
        IReadOnlyList<EvaluationResult> evaluations,
        NetworkRun? network)
    {
        EvaluationResult? final = evaluations is [.., var last] ? last : null;
        return new RunReport(
            report.Steps.Count,
            report.Elapsed.TotalSeconds,
            seed,
            recipe,
            OptionParsing.NameOf(binarizer),
            OptionParsing.NameOf(report.EvaluationWeights),
            OptionParsing.NameOf(report.StopReason),
            final?.Loss,
            final?.Accuracy,
            evaluations.MaxBy(evaluation => evaluation.Accuracy)?.Accuracy,
            network,
            [.. evaluations.Select(e => new Evaluation(e.Step, e.LearningRate, e.Loss, e.Accuracy))],
            report.RateChanges,
            report.Steps);
    }

    /// <summary>An evaluation on the test set.</summary>
    internal sealed record Evaluation(int Step, float LearningRate, double TestLoss, double TestAccuracy);

    /// <summary>The part of the report that only a network has.</summary>
    internal sealed record NetworkRun(
        IReadOnlyList<int> HiddenUnits,
        string Activation,
        float Dropout,
        float InputDropout,
        string Optimizer,
        string Schedule,
        string RateScaling,
        int? BestEpoch,
        IReadOnlyList<EpochRow> Epochs);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class RunReportContext : JsonSerializerContext;

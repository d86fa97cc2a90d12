using System.Text.Json;
using System.Text.Json.Serialization;
using BinaryConnect.Samples.Mnist.Multilayer;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist;

/// <summary>
/// What --json writes: the run of a linear model, or of a network, whose evaluations are those of the epochs that improved the
/// validation error, and whose final ones are the last of these.
/// </summary>
internal sealed record RunReport(
    int Steps,
    double Seconds,
    int Seed,
    string Recipe,
    string Binarizer,
    string EvaluationWeights,
    string TestTimeMethod,
    string StopReason,
    double? FinalTestLoss,
    double? FinalTestAccuracy,
    double? BestTestAccuracy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RunReport.NetworkRun? Network,
    IReadOnlyList<RunReport.Evaluation> Evaluations,
    IReadOnlyList<RateChange> RateChanges,
    IReadOnlyList<StepResult> History)
{
    /// <summary>Throws where the report could not be written, before a run rather than after it.</summary>
    /// <param name="file">A file, the standard output, or null for nowhere.</param>
    public static void CheckWritable(string? file)
    {
        if (file is not (null or Streams.StandardOutput)) WholeFile.CheckWritable(file);
    }

    /// <summary>The run of a linear model.</summary>
    public static RunReport Of(Arguments arguments, TrainingReport report) => Of(
        report, arguments.Seed, OptionParsing.NameOf(arguments.Recipe), arguments.Binarizer, report.Evaluations, network: null);

    /// <summary>The run of a network.</summary>
    public static RunReport Of(MultilayerArguments arguments, TrainerOptions options, TrainingReport report, EpochTable table) => Of(
        report,
        arguments.Seed,
        OptionParsing.NameOf(arguments.Recipe),
        arguments.Binarizer,
        table.TestEvaluations,
        new NetworkRun(
            arguments.HiddenUnits,
            arguments.Dropout,
            $"{options.Optimizer}",
            $"{options.Schedule}",
            Camel(options.RateScaling),
            table.Best?.Epoch,
            table.Rows));

    /// <summary>Writes the report.</summary>
    /// <param name="file">A file, the standard output, or null for nowhere.</param>
    /// <param name="output">The standard output.</param>
    public void Write(string? file, TextWriter output)
    {
        if (file is null) return;
        if (file == Streams.StandardOutput) output.WriteLine(JsonSerializer.Serialize(this, RunReportContext.Default.RunReport));
        else WholeFile.Write(file, stream => JsonSerializer.Serialize(stream, this, RunReportContext.Default.RunReport));
    }

    private static RunReport Of(
        TrainingReport report, int seed, string recipe, BinarizerKind binarizer, IReadOnlyList<EvaluationResult> evaluations, NetworkRun? network)
    {
        EvaluationResult? final = evaluations is [.., var last] ? last : null;
        return new RunReport(
            report.Steps.Count,
            report.Elapsed.TotalSeconds,
            seed,
            recipe,
            Camel(binarizer),
            Camel(report.EvaluationWeights),
            Camel(report.EvaluationWeights),
            Camel(report.StopReason),
            final?.Loss,
            final?.Accuracy,
            evaluations.MaxBy(evaluation => evaluation.Accuracy)?.Accuracy,
            network,
            [.. evaluations.Select(e => new Evaluation(e.Step, e.LearningRate, e.Loss, e.Accuracy))],
            report.RateChanges,
            report.Steps);
    }

    private static string Camel<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>An evaluation on the test set.</summary>
    internal sealed record Evaluation(int Step, float LearningRate, double TestLoss, double TestAccuracy);

    /// <summary>What the run of a network has besides.</summary>
    internal sealed record NetworkRun(
        IReadOnlyList<int> HiddenUnits,
        float Dropout,
        string Optimizer,
        string Schedule,
        string RateScaling,
        int? BestEpoch,
        IReadOnlyList<EpochRow> Epochs);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class RunReportContext : JsonSerializerContext;

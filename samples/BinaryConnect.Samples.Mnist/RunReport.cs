using System.Text.Json;
using System.Text.Json.Serialization;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist;

/// <summary>What --json writes.</summary>
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
    IReadOnlyList<RunReport.Evaluation> Evaluations,
    IReadOnlyList<RateChange> RateChanges,
    IReadOnlyList<StepResult> History)
{
    /// <summary>Throws where the report could not be written, before a run rather than after it.</summary>
    public static void CheckWritable(string file) => File.Create(Aside(file), bufferSize: 1, FileOptions.DeleteOnClose).Dispose();

    /// <summary>Writes the report to a neighbour of the file first, so that no half-written file is ever there.</summary>
    public static void Write(string file, Arguments arguments, TrainingReport report)
    {
        using (FileStream stream = File.Create(Aside(file)))
        {
            JsonSerializer.Serialize(stream, From(arguments, report), RunReportContext.Default.RunReport);
            stream.Flush(flushToDisk: true);
        }

        File.Move(Aside(file), file, overwrite: true);
    }

    private static string Aside(string file) => file + ".partial";

    private static RunReport From(Arguments arguments, TrainingReport report) => new(
        report.Steps.Count,
        report.Elapsed.TotalSeconds,
        arguments.Seed,
        Camel(arguments.Recipe),
        Camel(arguments.Binarizer),
        Camel(report.EvaluationWeights),
        Camel(report.StopReason),
        report.FinalEvaluation?.Loss,
        report.FinalEvaluation?.Accuracy,
        report.BestEvaluation?.Accuracy,
        [.. report.Evaluations.Select(e => new Evaluation(e.Step, e.LearningRate, e.Loss, e.Accuracy))],
        report.RateChanges,
        report.Steps);

    private static string Camel<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>One row of the table.</summary>
    internal sealed record Evaluation(int Step, float LearningRate, double TestLoss, double TestAccuracy);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class RunReportContext : JsonSerializerContext;

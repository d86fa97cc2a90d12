using System.Text.Json;
using System.Text.Json.Serialization;

namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>The report of the command evaluate.</summary>
/// <param name="Model">The file of the model.</param>
/// <param name="Kind">What the file holds: "model" or "packed model".</param>
/// <param name="EvaluationWeights">The weights that it predicts with: "inference" or "latent".</param>
/// <param name="Images">The number of images.</param>
/// <param name="Correct">The number of images whose class is their label.</param>
/// <param name="Accuracy">Their share, from 0 to 1.</param>
internal sealed record EvaluationReport(
    string Model, string Kind, string EvaluationWeights, int Images, int Correct, double Accuracy)
{
    /// <summary>Throws if the report could not be written.</summary>
    /// <param name="file">A file, the standard output, or null for no report.</param>
    public static void CheckWritable(string? file) => RunReport.CheckWritable(file);

    /// <summary>Writes the report.</summary>
    /// <param name="file">A file, the standard output, or null for no report.</param>
    /// <param name="output">The standard output.</param>
    public void Write(string? file, TextWriter output)
    {
        if (file is null) return;
        if (file == Streams.StandardOutput)
            output.WriteLine(JsonSerializer.Serialize(this, EvaluationReportContext.Default.EvaluationReport));
        else
        {
            WholeFile.Write(
                file, stream => JsonSerializer.Serialize(stream, this, EvaluationReportContext.Default.EvaluationReport));
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EvaluationReport))]
internal sealed partial class EvaluationReportContext : JsonSerializerContext;

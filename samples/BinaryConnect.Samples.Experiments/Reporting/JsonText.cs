using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BinaryConnect.Samples.Experiments.Reporting;

/// <summary>A report as JSON: settings, findings, and the shown tables with all digits.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text of the file.</summary>
    public static string Of(IExperiment experiment, ExperimentSettings settings, Report report) => new JsonObject
    {
        ["experiment"] = experiment.Name,
        ["question"] = experiment.Question,
        ["library"] = LibraryVersion.Text,
        ["seeds"] = new JsonArray([.. settings.Seeds.Select(seed => (JsonNode)seed)]),
        ["steps"] = settings.Steps,
        ["method"] = report.Method,
        ["findings"] = new JsonArray([.. report.Findings.Select(finding => (JsonNode)finding)]),
        ["tables"] = new JsonObject(report.Tables.Where(table => table.IsShown)
            .Select(table => KeyValuePair.Create(table.Name, (JsonNode?)Of(table)))),
        ["pictures"] = new JsonArray([.. report.Pictures.Select(picture => (JsonNode)$"{picture.Name}.png")]),
    }.ToJsonString(Options);

    private static JsonArray Of(Table table) => new([.. table.Rows.Select(row => (JsonNode)new JsonObject(
        row.Select((cell, i) => KeyValuePair.Create(table.Columns[i].Key, Of(cell)))))]);

    // JSON has no NaN.
    private static JsonNode? Of(object? cell) => cell switch
    {
        null or double.NaN => null,
        string text => text,
        bool value => value,
        int number => number,
        long number => number,
        float number => number,
        double number => number,
        _ => throw new ArgumentException($"A cell is a {cell.GetType().Name}; it must be text, a number, a bool or null."),
    };
}

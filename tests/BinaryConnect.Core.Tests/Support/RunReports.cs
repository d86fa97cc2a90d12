using System.Text.Json.Nodes;

namespace BinaryConnect.Tests.Support;

/// <summary>The output of the sample with --json.</summary>
internal static class RunReports
{
    /// <summary>A report without the times, which no two runs share.</summary>
    public static string Timeless(string file)
    {
        JsonNode report = JsonNode.Parse(File.ReadAllBytes(file))!;
        report.AsObject().Remove("seconds");
        if (report["network"] is JsonNode network)
        {
            foreach (JsonNode? epoch in network["epochs"]!.AsArray())
            {
                if (epoch!["seconds"] is null) throw new InvalidDataException($"An epoch of '{file}' has no time.");
                epoch.AsObject().Remove("seconds");
            }
        }

        return report.ToJsonString();
    }
}

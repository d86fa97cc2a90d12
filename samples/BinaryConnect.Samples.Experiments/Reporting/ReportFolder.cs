using System.Text;

namespace BinaryConnect.Samples.Experiments.Reporting;

/// <summary>Writes a report's files: report.md, JSON, a CSV for each table and a PNG for each picture.</summary>
internal static class ReportFolder
{
    /// <summary>The name of the page.</summary>
    public const string Page = "report.md";

    private const string Aside = ".partial";

    /// <summary>Throws if the files could not be written, so that a fault is found before the runs.</summary>
    /// <exception cref="IOException">A file has the name of the folder, or the disk refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public static void CheckWritable(string folder)
    {
        string existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing))
        {
            if (File.Exists(existing)) throw new IOException($"'{existing}' is a file; it must be a folder.");
            existing = Path.GetDirectoryName(existing)!;
        }

        File.Create(Path.Combine(existing, Page + Aside), bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
    }

    /// <summary>
    /// Writes all files beside their targets, then renames them. So no file is half-written, and the page comes last.
    /// </summary>
    public static void Write(string folder, IExperiment experiment, ExperimentSettings settings, Report report)
    {
        var files = new List<(string Name, byte[] Bytes)>();
        foreach (Table table in report.Tables) files.Add(($"{table.Name}.csv", Utf8(CsvText.Of(table))));
        foreach (Picture picture in report.Pictures) files.Add(($"{picture.Name}.png", picture.Png));
        files.Add(($"{experiment.Name}.json", Utf8(JsonText.Of(experiment, settings, report))));
        files.Add((Page, Utf8(MarkdownText.Of(experiment, settings, report))));
        Directory.CreateDirectory(folder);
        string[] targets = [.. files.Select(file => Path.Combine(folder, file.Name))];
        try
        {
            for (int i = 0; i < targets.Length; i++) File.WriteAllBytes(targets[i] + Aside, files[i].Bytes);
            foreach (string target in targets) File.Move(target + Aside, target, overwrite: true);
        }
        finally
        {
            foreach (string target in targets) File.Delete(target + Aside);
        }
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"));
}

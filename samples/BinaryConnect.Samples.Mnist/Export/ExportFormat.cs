using BinaryConnect.Inference;

namespace BinaryConnect.Samples.Mnist.Export;

/// <summary>A format of the command export.</summary>
/// <param name="Name">The value of --to.</param>
/// <param name="Description">What it writes, for the help.</param>
/// <param name="Check">
/// Throws if OUT cannot be written, or if an option is wrong, before the model is read: an InvalidDataException,
/// ArgumentException or IOException.
/// </param>
/// <param name="Write">
/// Writes the model, and returns what was written. An IOException is a failed run. An InvalidDataException or
/// ArgumentException says that the model has no such form.
/// </param>
internal sealed record ExportFormat(
    string Name, string Description, Action<ExportArguments> Check, Func<PackedModel, ExportArguments, string> Write)
{
    /// <summary>All formats.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } =
        [CExport.Format, OnnxExport.Onnx, OnnxExport.Qonnx, HtmlExport.Format];

    /// <summary>The options that have an effect.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Whether OUT is a file; otherwise it is a folder.</summary>
    public bool WritesFile { get; init; }

    /// <summary>Throws unless OUT is a file that can be written, and not the model.</summary>
    public static void CheckFile(ExportArguments arguments)
    {
        WholeFile.CheckReplaceable(arguments.Out);
        if (Path.GetFullPath(arguments.Model) == Path.GetFullPath(arguments.Out))
            throw new InvalidDataException(
                $"'MODEL' and 'OUT' are both '{arguments.Out}'; each must have a file of its own.");
    }
}

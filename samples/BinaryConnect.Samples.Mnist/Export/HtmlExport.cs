using BinaryConnect.Inference.Export.Html;

namespace BinaryConnect.Samples.Mnist.Export;

/// <summary>A page to draw digits on.</summary>
internal static class HtmlExport
{
    /// <summary>The format.</summary>
    public static ExportFormat Format { get; } = new(
        "html",
        "the page OUT, one file with the model inside",
        ExportFormat.CheckFile,
        (model, arguments) =>
        {
            HtmlExporter.Write(model, arguments.Out);
            return $"{new FileInfo(arguments.Out).Length:N0} bytes";
        })
    {
        WritesFile = true,
    };
}

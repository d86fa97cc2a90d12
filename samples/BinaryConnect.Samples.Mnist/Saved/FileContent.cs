namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>The formats of the library's files, by the text "format" of each.</summary>
internal static class FileContent
{
    public const string Model = "BinaryConnect model";
    public const string PackedModel = "BinaryConnect packed model";
    public const string Checkpoint = "BinaryConnect checkpoint";

    /// <summary>The format in the texts of a file; null for none.</summary>
    public static string? KindOf(IReadOnlyDictionary<string, string> texts) => texts.GetValueOrDefault("format");
}

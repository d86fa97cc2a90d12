namespace BinaryConnect.Files;

/// <summary>The content of the header of a safetensors file.</summary>
/// <param name="Tensors">Its tensors by name.</param>
/// <param name="Metadata">Its texts by name.</param>
/// <param name="Checksum">The range of the checksum's text in the header; null if there is none.</param>
internal sealed record SafetensorsHeader(
    IReadOnlyDictionary<string, TensorEntry> Tensors, IReadOnlyDictionary<string, string> Metadata, Range? Checksum)
{
    /// <summary>The longest header, in bytes, that this and other readers of the format accept.</summary>
    public const int MostBytes = 100_000_000;

    /// <summary>
    /// The largest number of tensors, and of texts of metadata: each takes memory.
    /// </summary>
    public const int MostEntries = 1 << 16;

    /// <summary>The name in the header that is not that of a tensor.</summary>
    public const string MetadataName = "__metadata__";
}

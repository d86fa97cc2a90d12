namespace BinaryConnect.Files;

/// <summary>The content of the header of a safetensors file.</summary>
/// <param name="Tensors">Its tensors by name.</param>
/// <param name="Metadata">Its texts by name.</param>
/// <param name="Checksum">Where in the header the text of the checksum lies; null where there is none.</param>
internal sealed record SafetensorsHeader(
    IReadOnlyDictionary<string, TensorEntry> Tensors, IReadOnlyDictionary<string, string> Metadata, Range? Checksum)
{
    /// <summary>The longest header, in bytes, that this and other readers of the format take.</summary>
    public const int MostBytes = 100_000_000;

    /// <summary>
    /// The most tensors, and the most texts of metadata, that are taken: each costs memory of its own.
    /// </summary>
    public const int MostEntries = 1 << 16;

    /// <summary>The name in the header that is not a tensor's.</summary>
    public const string MetadataName = "__metadata__";
}

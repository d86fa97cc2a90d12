namespace BinaryConnect.Files;

/// <summary>What the header of a safetensors file says.</summary>
/// <param name="Tensors">Its tensors, in the order of the header.</param>
/// <param name="Metadata">Its texts by name.</param>
/// <param name="Checksum">Where in the header the text of the checksum lies; null where there is none.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<TensorEntry> Tensors, IReadOnlyDictionary<string, string> Metadata, Range? Checksum)
{
    /// <summary>The longest header, in bytes, that this and other readers of the format take.</summary>
    public const int MostBytes = 100_000_000;

    /// <summary>The name in the header that is not a tensor's.</summary>
    public const string MetadataName = "__metadata__";
}

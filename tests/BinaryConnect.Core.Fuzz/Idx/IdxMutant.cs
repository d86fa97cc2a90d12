namespace BinaryConnect.Fuzz.Idx;

/// <summary>A damaged IDX file, plain or packed.</summary>
internal sealed class IdxMutant : Mutant
{
    /// <summary>
    /// The only IDX bytes that a reader may see in the mutant: the unpacked content, or the mutant itself if it is not
    /// packed. They may be invalid.
    /// </summary>
    public required byte[] Plain { get; init; }

    /// <summary>Whether it must be taken for <see cref="Plain"/>, since the packing was not damaged.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>Whether it must be refused, though the values may be there.</summary>
    public required bool MustBeRefused { get; init; }

    public required bool IsPacked { get; init; }

    public required IdxOriginal Original { get; init; }

    public required IdxDoor Door { get; init; }

    /// <summary>The most bytes that a read of a stream gives.</summary>
    public required int MostAtOnce { get; init; }
}

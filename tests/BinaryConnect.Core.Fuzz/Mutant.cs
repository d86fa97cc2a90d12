namespace BinaryConnect.Fuzz;

/// <summary>A damaged file.</summary>
internal abstract class Mutant
{
    /// <summary>The bytes of the file.</summary>
    public required byte[] Content { get; init; }

    /// <summary>The file that was damaged and the kinds of damage, for the reader of a failure.</summary>
    public required string Change { get; init; }
}

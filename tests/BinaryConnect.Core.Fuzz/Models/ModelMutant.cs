namespace BinaryConnect.Fuzz.Models;

/// <summary>A damaged file of a model.</summary>
internal sealed class ModelMutant : Mutant
{
    /// <summary>The file that was damaged.</summary>
    public required byte[] Whole { get; init; }

    /// <summary>Whether the checksum was made to fit after the damage.</summary>
    public required bool IsSealed { get; init; }

    /// <summary>Whether it is read from a file; else from a stream.</summary>
    public required bool IsFile { get; init; }

    /// <summary>Whether nothing was damaged.</summary>
    public bool IsWhole => Content.AsSpan().SequenceEqual(Whole);
}

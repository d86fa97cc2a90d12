namespace BinaryConnect.Fuzz.Checkpoint;

/// <summary>A damaged checkpoint.</summary>
internal sealed class CheckpointMutant : Mutant
{
    /// <summary>The run that wrote the original.</summary>
    public required CheckpointOriginal Original { get; init; }

    /// <summary>Whether the checksum was made to fit after the damage.</summary>
    public required bool IsSealed { get; init; }
}

namespace BinaryConnect.Settings;

/// <summary>The texts by which a checkpoint is known, and where it has its models.</summary>
internal static class CheckpointFormat
{
    /// <summary>The format in the metadata.</summary>
    public const string Name = "BinaryConnect checkpoint";

    /// <summary>The version that this library writes and reads.</summary>
    public const string Version = "2";

    /// <summary>Before the names of the tensors of the model in training.</summary>
    public const string Model = "model";

    /// <summary>Before the names of the tensors of the best model so far.</summary>
    public const string Best = "best";
}

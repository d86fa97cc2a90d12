namespace BinaryConnect.Fuzz.Idx;

/// <summary>How the reader gets a mutant.</summary>
internal enum IdxDoor
{
    /// <summary>A stream with a length.</summary>
    Seekable,

    /// <summary>A stream that cannot seek, and gives some bytes at a time.</summary>
    ForwardOnly,

    /// <summary>A file.</summary>
    File,

    /// <summary>A file of a pair of examples and labels; the other one is intact.</summary>
    Dataset,
}

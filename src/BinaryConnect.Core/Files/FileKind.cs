namespace BinaryConnect.Files;

/// <summary>The kind of file at a path, links followed.</summary>
internal enum FileKind
{
    /// <summary>No file.</summary>
    Missing,

    /// <summary>A regular file; on other systems than Linux also a FIFO, socket or device.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A FIFO, which blocks a caller that opens it.</summary>
    Fifo,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>A device.</summary>
    Device,
}

namespace BinaryConnect.Files;

/// <summary>
/// Replaces files as a whole: a reader finds the old content or the new, never a mixture. New content goes to a
/// temporary file in the same folder and is flushed to disk; then the temporary file is renamed. Symbolic links are
/// followed to the real file, whose mode, owner and group are kept. A FIFO, socket, device or folder is refused without
/// being opened; see <see cref="FileStatus"/>.
/// </summary>
internal static class AtomicFile
{
    private const UnixFileMode GroupAll = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
    private const uint Unchanged = uint.MaxValue;

    /// <summary>Writes a file, or replaces it. If several write it at once, the last one's content stays.</summary>
    /// <param name="path">The path of the file, in a folder that exists.</param>
    /// <param name="write">
    /// Writes the content to a stream, and leaves it open. If it throws, the file stays as it was.
    /// </param>
    /// <exception cref="IOException">The file cannot be written, and is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written, and is as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        WithTemporaryFile(path, (target, status, temporary) =>
        {
            UnixFileMode? mode = ModeOf(target, status);
            using FileStream stream = TemporaryFile.Create(temporary, mode);
            write(stream);
            stream.Flush(flushToDisk: true);
            if (mode is UnixFileMode known) KeepPermissions(stream, temporary, status, known);
            File.Move(temporary, target, overwrite: true);
        });
    }

    /// <summary>
    /// Throws where <see cref="Write"/> would, as far as can be known: it creates and removes a temporary file.
    /// </summary>
    /// <inheritdoc cref="Write"/>
    public static void CheckWritable(string path) => WithTemporaryFile(path, (target, status, temporary) =>
    {
        using (TemporaryFile.Create(temporary, ModeOf(target, status)))
        {
            FileStatus own = FileStatus.Of(temporary), folder = FileStatus.Of(Path.GetDirectoryName(target)!);
            bool isOthers = status.Kind == FileKind.Regular && own.Owner?.User is not null and not 0
                && status.Owner?.User != own.Owner?.User && folder.Owner?.User != own.Owner?.User;
            if (folder.IsSticky && isOthers)
                throw new UnauthorizedAccessException(
                    $"'{target}' is of another user, and so is its sticky folder; one must be your own.");
        }

        TemporaryFile.Remove(temporary);
    });

    private static void WithTemporaryFile(string path, Action<string, FileStatus, string> action)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = LinkedPath.Resolve(path), folder = Path.GetDirectoryName(target) ?? target;
        FileStatus status = FileStatus.Of(target);
        CheckReplaceable(target, status);
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder '{folder}'; it must exist.");
        TemporaryFile.RemoveAbandoned(target);
        string temporary = TemporaryFile.PathFor(target);
        try
        {
            action(target, status, temporary);
        }
        catch
        {
            TemporaryFile.Remove(temporary);
            throw;
        }
    }

    private static void CheckReplaceable(string target, FileStatus status)
    {
        string? kind = status.Kind switch
        {
            FileKind.Missing or FileKind.Regular => status.IsMountPoint ? "a mount point" : null,
            FileKind.Folder => "a folder",
            FileKind.Fifo => "a FIFO",
            FileKind.Socket => "a socket",
            _ => "a device",
        };
        if (kind is not null)
            throw new IOException($"'{target}' is {kind}; it must be a regular file that can be replaced, or not be there.");
        if (status.Kind == FileKind.Regular && FileStatus.RefusalToWrite(target) is string refusal)
            throw new UnauthorizedAccessException($"'{target}' may not be written. {refusal}");
    }

    private static UnixFileMode? ModeOf(string target, FileStatus status) =>
        OperatingSystem.IsWindows() || status.Kind == FileKind.Missing ? null : File.GetUnixFileMode(target);

    // If the group cannot be kept, the new group gets no more rights than everybody has.
    private static void KeepPermissions(FileStream stream, string temporary, FileStatus before, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows()) return;
        if (before.Owner is var (user, group) && FileStatus.Of(temporary).Owner is var (ownUser, ownGroup))
        {
            if (group != ownGroup && !FileStatus.TryChangeOwner(stream.SafeFileHandle, Unchanged, group))
                mode &= ~(GroupAll | UnixFileMode.SetGroup) | (UnixFileMode)((int)mode << 3) & GroupAll;
            if (user != ownUser && !FileStatus.TryChangeOwner(stream.SafeFileHandle, user, Unchanged))
                mode &= ~UnixFileMode.SetUser;
        }

        if (File.GetUnixFileMode(stream.SafeFileHandle) != mode) File.SetUnixFileMode(stream.SafeFileHandle, mode);
    }
}

namespace BinaryConnect.Files;

/// <summary>
/// Replaces files as a whole: who reads one finds the old content or the new, never a part. New content goes to a neighbour in the
/// same folder, then to the disk, and takes the file's name at last. A neighbour whose process was killed is removed by the next
/// write of the same file, once it has been left alone for a minute.
/// </summary>
internal static class AtomicFile
{
    private const string Suffix = ".tmp";
    private static readonly TimeSpan LeftAlone = TimeSpan.FromMinutes(1);

    /// <summary>Writes a file, or replaces it. Of several who write it at once, the last one's content stays.</summary>
    /// <param name="path">Where; its folder must exist.</param>
    /// <param name="write">Writes the content to a stream, and leaves it open. Where it throws, the file stays as it was.</param>
    /// <exception cref="IOException">The file cannot be written, and is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written, and is as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Path.GetFullPath(path), neighbour = $"{target}.{Guid.NewGuid():N}{Suffix}";
        RemoveAbandonedNeighbours(target);
        try
        {
            using var stream = new FileStream(neighbour, FileMode.CreateNew, FileAccess.Write, FileShare.Delete);
            write(stream);
            stream.Flush(flushToDisk: true);

            // While it is open, its lock tells others that it is not abandoned.
            File.Move(neighbour, target, overwrite: true);
        }
        catch
        {
            RemoveUnlessOpen(neighbour);
            throw;
        }
    }

    private static void RemoveAbandonedNeighbours(string target)
    {
        string folder = Path.GetDirectoryName(target) ?? target, name = Path.GetFileName(target);
        var all = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
        foreach (string file in Directory.EnumerateFiles(folder, "*", all))
        {
            if (IsNeighbour(Path.GetFileName(file), name) && File.GetLastWriteTimeUtc(file) < DateTime.UtcNow - LeftAlone) RemoveUnlessOpen(file);
        }
    }

    private static bool IsNeighbour(string file, string target) =>
        file.StartsWith($"{target}.", StringComparison.Ordinal)
        && file.EndsWith(Suffix, StringComparison.Ordinal)
        && file.Length > target.Length + Suffix.Length
        && Guid.TryParseExact(file.AsSpan()[(target.Length + 1)..^Suffix.Length], "N", out _);

    // What cannot be removed must not hinder the write, nor hide why it failed.
    private static void RemoveUnlessOpen(string file)
    {
        try
        {
            new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
        }
    }
}

namespace BinaryConnect.Samples.Mnist;

/// <summary>
/// Writes a file beside its target and renames it, so that the target is never half-written. Links are followed to the
/// real file, which keeps its mode. A device, such as /dev/null or a pipe of the shell, is written directly.
/// </summary>
internal static class WholeFile
{
    private static readonly string[] DeviceFolders = ["/dev/", "/proc/"];

    /// <summary>Throws if the file could not be written, so that a fault is found before the run.</summary>
    public static void CheckWritable(string file)
    {
        string target = TargetOf(file);
        if (!IsDevice(target))
            Naming(file, () => File.Create(Aside(target), bufferSize: 1, FileOptions.DeleteOnClose).Dispose());
    }

    /// <summary>Throws if the library could not replace the file, which must be regular, or not be there.</summary>
    public static void CheckReplaceable(string file)
    {
        string target = TargetOf(file);
        if (IsDevice(target)) throw NotRegular(target);
        if (File.Exists(target))
        {
            using FileStream known = new(target, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (!known.CanSeek) throw NotRegular(target);
        }

        CheckWritable(file);
    }

    /// <summary>Writes a file, and names it in the message of a fault.</summary>
    public static void Naming(string file, Action write)
    {
        try
        {
            write();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"'{file}' cannot be written: {fault.Message}", fault);
        }
    }

    /// <summary>Writes the file, or replaces it.</summary>
    public static void Write(string file, Action<Stream> write) => Naming(file, () => Replace(file, write));

    private static void Replace(string file, Action<Stream> write)
    {
        string target = TargetOf(file);
        if (IsDevice(target))
        {
            using FileStream device = new(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            write(device);
            return;
        }

        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows() && File.Exists(target)) options.UnixCreateMode = File.GetUnixFileMode(target);
        try
        {
            using (FileStream stream = new(Aside(target), options))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(Aside(target), target, overwrite: true);
        }
        catch
        {
            File.Delete(Aside(target));
            throw;
        }
    }

    // The kernel follows links under /dev and /proc itself; such a link may name no path.
    private static string TargetOf(string file)
    {
        string path = Path.GetFullPath(file);
        bool isLink = !IsDevice(path) && new FileInfo(path).LinkTarget is not null;
        return isLink ? File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName : path;
    }

    private static bool IsDevice(string path) => !OperatingSystem.IsWindows()
        && DeviceFolders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal))
        && File.Exists(path);

    private static IOException NotRegular(string target) =>
        new($"'{target}' is a device or a pipe; it must be a regular file that can be replaced, or not be there.");

    private static string Aside(string target) => target + ".partial";
}

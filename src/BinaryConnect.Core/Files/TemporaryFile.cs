using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace BinaryConnect.Files;

/// <summary>
/// Temporary files, which replace another file when they are complete. They are in the folder of their target. Their
/// names hold a hash of its name, so that they are short for every target: binaryconnect-HASH-RANDOM.tmp.
/// </summary>
internal static class TemporaryFile
{
    private const string Prefix = "binaryconnect-", Suffix = ".tmp";
    private const int Digits = 16;
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private static readonly TimeSpan LeftAlone = TimeSpan.FromMinutes(1);

    /// <summary>A new path for a temporary file.</summary>
    public static string PathFor(string target) =>
        Path.Combine(Folder(target), $"{PrefixFor(target)}{RandomNumberGenerator.GetHexString(Digits, lowercase: true)}{Suffix}");

    /// <summary>
    /// Creates an empty file, which only users may read who may read the target. <paramref name="mode"/> is the
    /// target's mode, or null if there is no target yet. While the file is open, a lock tells others that it is not
    /// abandoned.
    /// </summary>
    public static FileStream Create(string path, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Delete };
        if (mode is UnixFileMode known && !OperatingSystem.IsWindows()) options.UnixCreateMode = known & OwnersOnly;
        return new FileStream(path, options);
    }

    /// <summary>
    /// Removes temporary files of the target that a killed process left: those that nobody has open, and nobody wrote
    /// to for a minute.
    /// </summary>
    public static void RemoveAbandoned(string target)
    {
        string prefix = PrefixFor(target);
        var all = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
        try
        {
            foreach (string file in Directory.EnumerateFiles(Folder(target), "*", all))
            {
                bool isOld = IsNamed(Path.GetFileName(file), prefix)
                    && File.GetLastWriteTimeUtc(file) < DateTime.UtcNow - LeftAlone;
                if (isOld && FileStatus.Of(file).Kind == FileKind.Regular) Remove(file);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be listed may still be written to.
        }
    }

    /// <summary>
    /// Removes a file unless it is open. A failure is ignored, since it must not hide why a write failed.
    /// </summary>
    public static void Remove(string file)
    {
        try
        {
            const FileOptions Options = FileOptions.DeleteOnClose;
            new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0, Options).Dispose();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static string Folder(string target) => Path.GetDirectoryName(target) ?? target;

    private static string PrefixFor(string target)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(target)));
        return $"{Prefix}{Convert.ToHexStringLower(hash)[..Digits]}-";
    }

    private static bool IsNamed(string file, string prefix) =>
        file.StartsWith(prefix, StringComparison.Ordinal)
        && file.EndsWith(Suffix, StringComparison.Ordinal)
        && file.Length == prefix.Length + Digits + Suffix.Length
        && !file.AsSpan(prefix.Length, Digits).ContainsAnyExcept(HexDigits);
}

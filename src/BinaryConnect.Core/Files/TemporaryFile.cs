using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace BinaryConnect.Files;

/// <summary>
/// Files that take the place of another when they are complete. They lie in the folder of their target and know it by
/// a hash of its name, so that their own names are short whatever the target's is: binaryconnect-HASH-RANDOM.tmp.
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
    /// Makes an empty file that nobody may read who may not read the target, whose mode is <paramref name="mode"/>;
    /// null where there is none yet. While it is open, a lock tells others that it is not abandoned.
    /// </summary>
    public static FileStream Create(string path, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Delete };
        if (mode is UnixFileMode known && !OperatingSystem.IsWindows()) options.UnixCreateMode = known & OwnersOnly;
        return new FileStream(path, options);
    }

    /// <summary>
    /// Removes temporary files of the target that a killed process left: nobody has them open, or wrote to them for a
    /// minute.
    /// </summary>
    public static void RemoveAbandoned(string target)
    {
        string prefix = PrefixFor(target);
        var all = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
        try
        {
            foreach (string file in Directory.EnumerateFiles(Folder(target), "*", all))
            {
                bool isOld = IsNamed(
                    Path.GetFileName(file), prefix) && File.GetLastWriteTimeUtc(file) < DateTime.UtcNow - LeftAlone;
                if (isOld && FileStatus.Of(file).Kind == FileKind.Regular) Remove(file);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be listed may still be written to.
        }
    }

    /// <summary>Removes a file unless it is open. That it cannot be removed must not hide why a write failed.</summary>
    public static void Remove(string file)
    {
        try
        {
            new FileStream(
                file,
                FileMode.Open,
                FileAccess.Write,
                FileShare.None,
                bufferSize: 0,
                FileOptions.DeleteOnClose).Dispose();
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

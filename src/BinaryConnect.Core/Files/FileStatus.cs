using System.Runtime.InteropServices;
using BinaryConnect.Guards;
using Microsoft.Win32.SafeHandles;

namespace BinaryConnect.Files;

/// <summary>
/// The status of a file, read without opening it, links followed. .NET cannot tell a FIFO or a device from a regular
/// file. On Linux the system call statx tells them apart; its result has the same layout on every processor. On other
/// systems every file that is not a folder counts as regular, except devices of Windows, which have their own names.
/// </summary>
internal sealed partial record FileStatus(FileKind Kind)
{
    // AT_FDCWD, STATX_BASIC_STATS and the size of struct statx; then the offsets of stx_attributes, stx_uid, stx_gid
    // and stx_mode.
    private const int CurrentFolder = -100, BasicStatistics = 0x7FF, StatusLength = 256;
    private const int AttributesAt = 8, OwnerAt = 20, GroupAt = 24, ModeAt = 28;

    // STATX_ATTR_MOUNT_ROOT, S_IFMT and the kinds under it, S_ISVTX, W_OK.
    private const ulong MountRoot = 0x2000;
    private const int KindMask = 0xF000, Fifo = 0x1000, CharacterDevice = 0x2000, Folder = 0x4000, BlockDevice = 0x6000;
    private const int Socket = 0xC000, Sticky = 0x200, MayWrite = 2;

    // ENOENT, ENOTDIR and ENAMETOOLONG.
    private const int NoEntry = 2, NoFolder = 20, NameTooLong = 36;

    /// <summary>The owner and the group; null if unknown.</summary>
    public (uint User, uint Group)? Owner { get; private init; }

    /// <summary>Whether it is mounted at its path, so that no other file can take its place.</summary>
    public bool IsMountPoint { get; private init; }

    /// <summary>Whether it is a folder where only a file's owner may replace or remove the file, as in /tmp.</summary>
    public bool IsSticky { get; private init; }

    /// <summary>The status of a path.</summary>
    /// <exception cref="PathTooLongException">The file system does not allow a name of that length.</exception>
    public static FileStatus Of(string path) => (OperatingSystem.IsLinux() ? Ask(path) : null) ?? Guess(path);

    /// <summary>The reason why the file may not be written; null if it may, or if that is unknown.</summary>
    public static string? RefusalToWrite(string path)
    {
        if (!OperatingSystem.IsLinux())
            return OperatingSystem.IsWindows() && new FileInfo(path).IsReadOnly ? "It is read-only." : null;
        try
        {
            return Access(path, MayWrite) == 0 ? null : $"{Marshal.GetLastPInvokeErrorMessage()}.";
        }
        catch (Exception fault) when (fault is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Gives an open file to another user or group, −1 for no change; false if that is not allowed.
    /// </summary>
    public static bool TryChangeOwner(SafeFileHandle file, uint user, uint group)
    {
        try
        {
            return ChangeOwner(file, user, group) == 0;
        }
        catch (Exception fault) when (fault is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    private static FileStatus? Ask(string path)
    {
        Span<byte> status = stackalloc byte[StatusLength];
        try
        {
            if (ReadStatus(CurrentFolder, path, 0, BasicStatistics, status) != 0)
                return StatusOf(Marshal.GetLastPInvokeError(), path);
        }
        catch (Exception fault) when (fault is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }

        int mode = MemoryMarshal.Read<ushort>(status[ModeAt..]);
        FileKind kind = (mode & KindMask) switch
        {
            Fifo => FileKind.Fifo,
            CharacterDevice or BlockDevice => FileKind.Device,
            Folder => FileKind.Folder,
            Socket => FileKind.Socket,
            _ => FileKind.Regular,
        };
        return new FileStatus(kind)
        {
            Owner = (MemoryMarshal.Read<uint>(status[OwnerAt..]), MemoryMarshal.Read<uint>(status[GroupAt..])),
            IsMountPoint = (MemoryMarshal.Read<ulong>(status[AttributesAt..]) & MountRoot) != 0,
            IsSticky = (mode & Sticky) != 0,
        };
    }

    private static FileStatus? StatusOf(int error, string path) => error switch
    {
        NoEntry or NoFolder => new FileStatus(FileKind.Missing),
        NameTooLong => throw new PathTooLongException(
            $"'{Excerpt.Of(path)}' or a part of it is longer than the file system takes."),
        _ => null,
    };

    private static FileStatus Guess(string path)
    {
        if (OperatingSystem.IsWindows() && Path.GetFullPath(path).StartsWith(@"\\.\", StringComparison.Ordinal))
            return new FileStatus(FileKind.Device);
        if (Directory.Exists(path)) return new FileStatus(FileKind.Folder);
        return new FileStatus(File.Exists(path) ? FileKind.Regular : FileKind.Missing);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ReadStatus(int folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);
}

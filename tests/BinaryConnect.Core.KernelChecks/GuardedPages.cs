using System.ComponentModel;
using System.Runtime.InteropServices;

namespace BinaryConnect.KernelChecks;

/// <summary>Pages of the operating system: at first all without access, then some with access.</summary>
internal static partial class GuardedPages
{
    private const int None = 0, ReadWrite = 3; // PROT_NONE, PROT_READ | PROT_WRITE
    private const int PrivateAnonymousLinux = 0x22, PrivateAnonymousMac = 0x1002;
    private const uint ReserveAndCommit = 0x3000, ReleaseAll = 0x8000, NoAccess = 0x01, PageReadWrite = 0x04;

    public static nint Reserve(nuint size)
    {
        nint pages = OperatingSystem.IsWindows()
            ? VirtualAlloc(0, size, ReserveAndCommit, NoAccess)
            : Map(0, size, None, OperatingSystem.IsMacOS() ? PrivateAnonymousMac : PrivateAnonymousLinux, -1, 0);
        return pages is 0 or -1 ? throw new Win32Exception() : pages;
    }

    public static void Open(nint start, nuint size)
    {
        bool opened = OperatingSystem.IsWindows()
            ? VirtualProtect(start, size, PageReadWrite, out _) != 0
            : Protect(start, size, ReadWrite) == 0;
        if (!opened) throw new Win32Exception();
    }

    public static void Release(nint pages, nuint size)
    {
        bool released = OperatingSystem.IsWindows() ? VirtualFree(pages, 0, ReleaseAll) != 0 : Unmap(pages, size) == 0;
        if (!released) throw new Win32Exception();
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint size, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint size, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nuint size);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial nint VirtualAlloc(nint address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int VirtualProtect(nint address, nuint size, uint protection, out uint before);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int VirtualFree(nint address, nuint size, uint type);
}

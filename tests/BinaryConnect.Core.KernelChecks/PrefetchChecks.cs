using System.Runtime.InteropServices;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>A prefetch must not touch memory: a read outside the open pages would end the process.</summary>
internal static class PrefetchChecks
{
    private static readonly GuardedMemory<byte> Bytes = new(256);

    public static void Run(Report report)
    {
        report.Kernel("Prefetch.Read", [Form.Dispatched], Read);
        report.Kernel("Prefetch.Line", [Form.Dispatched], Line);
    }

    private static string? Read(Form form, Side side)
    {
        for (int length = 0; length <= 256; length++) Prefetch.Read(Bytes.Take(length, side));
        return null;
    }

    private static string? Line(Form form, Side side)
    {
        for (int length = 0; length <= 256; length++) Prefetch.Line(ref MemoryMarshal.GetReference(Bytes.Take(length, side)));
        return null;
    }
}

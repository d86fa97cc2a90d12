using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.Simd;

/// <summary>
/// Asks for memory ahead of its use. Rows of a shuffled batch lie anywhere, so that no hardware sees the next one coming. A
/// hint, with no effect but on time; nothing on machines that have no such instruction in .NET.
/// </summary>
internal static class Prefetch
{
    private const int CacheLine = 64;

    /// <summary>Asks for every cache line of the bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Read(ReadOnlySpan<byte> bytes)
    {
        if (!Sse.IsSupported) return;
        ref byte first = ref MemoryMarshal.GetReference(bytes);
        for (int i = 0; i < bytes.Length; i += CacheLine) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, i)));
        if (bytes.Length > 0) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, bytes.Length - 1)));
    }

    /// <summary>Asks for the cache line of a byte, as far as the second level: it is not needed yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Line<T>(ref T first)
        where T : unmanaged
    {
        if (Sse.IsSupported) Sse.Prefetch1(Unsafe.AsPointer(ref first));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.Simd;

/// <summary>
/// Prefetches memory. Rows of a shuffled batch are anywhere in memory, so that no hardware prefetcher predicts them.
/// A hint that affects nothing but time; does nothing on machines without such an instruction in .NET.
/// </summary>
internal static class Prefetch
{
    private const int CacheLine = 64;

    /// <summary>Prefetches every cache line of the bytes into L1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Read(ReadOnlySpan<byte> bytes)
    {
        if (!Sse.IsSupported) return;
        ref byte first = ref MemoryMarshal.GetReference(bytes);
        for (int i = 0; i < bytes.Length; i += CacheLine) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, i)));
        if (bytes.Length > 0) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, bytes.Length - 1)));
    }

    /// <summary>Prefetches the cache line of a byte into L2: its use is not close.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Line<T>(ref T first)
        where T : unmanaged
    {
        if (Sse.IsSupported) Sse.Prefetch1(Unsafe.AsPointer(ref first));
    }
}

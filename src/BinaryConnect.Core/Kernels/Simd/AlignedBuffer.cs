using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BinaryConnect.Kernels.Simd;

/// <summary>
/// Memory that starts at a cache line. Loops accept any memory. Here no register load crosses a cache line, provided
/// that each row is a whole number of lines, as MNIST's are.
/// </summary>
internal static class AlignedBuffer
{
    /// <summary>The size of a cache line, and of the widest register, in bytes.</summary>
    public const int Alignment = 64;

    /// <summary>
    /// The most values of a buffer. An array has room for them and for their alignment, and an <see cref="int"/> that
    /// steps up to 65,535 past the end does not wrap.
    /// </summary>
    public const int MostLength = int.MaxValue - ushort.MaxValue;

    /// <summary>Zeros that the garbage collector never moves.</summary>
    public static Memory<float> Allocate(int length) => Allocate<float>(length);

    /// <summary>Zeros of any type whose size divides the alignment.</summary>
    public static Memory<T> Allocate<T>(int length)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        T[] array = GC.AllocateArray<T>(length + Alignment / size - 1, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        return array.AsMemory((int)(-address & (Alignment - 1)) / size, length);
    }
}

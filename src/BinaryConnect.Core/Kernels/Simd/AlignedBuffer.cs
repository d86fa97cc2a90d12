using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BinaryConnect.Kernels.Simd;

/// <summary>
/// Memory that starts at a cache line. Loops work on any memory; on this one no register is loaded from two lines as long as
/// rows are whole lines too, as MNIST's are, which was seen to make the forward product a third faster.
/// </summary>
internal static class AlignedBuffer
{
    /// <summary>The size of a cache line, and of the widest register, in bytes.</summary>
    public const int Alignment = 64;

    /// <summary>
    /// The most values of a buffer: an array holds as many and the room to align them, and an <see cref="int"/> that
    /// steps past the end by up to 65,535 does not wrap.
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

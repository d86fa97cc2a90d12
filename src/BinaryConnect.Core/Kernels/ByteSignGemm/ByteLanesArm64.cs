using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>
/// 16 bytes in a 128-bit register (Arm64 with dot products): 4 lanes of 32-bit sums, each of four adjacent bytes. Dot
/// products take signed bytes. An input from 0 to 255 is none, but −input = (127 − input) − 127 is a sum of two. So
/// lanes sum −input · sign, and Fold negates.
/// </summary>
internal readonly struct ByteLanesArm64 : IByteLanes<Vector128<sbyte>, Vector128<int>>
{
    public static int Count => Vector128<sbyte>.Count;

    // 127 − input: inverts the lower seven bits. The highest bit means 128 in a byte, and −128 in a signed one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> Load(ref readonly byte source, nuint offset) =>
        (Vector128.LoadUnsafe(in source, offset) ^ Vector128.Create((byte)127)).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(Vector128<sbyte> bytes, ref readonly sbyte signs, nuint offset, Vector128<int> sums)
    {
        sums = Dp.DotProduct(sums, Vector128.Create((sbyte)-127), Vector128.LoadUnsafe(in signs, offset));
        return Dp.DotProduct(sums, bytes, Vector128.LoadUnsafe(in signs, offset));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Fold(Vector128<int> sums) => -sums;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> SumFour(Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d) =>
        HorizontalSums.Four(Fold(a), Fold(b), Fold(c), Fold(d));
}

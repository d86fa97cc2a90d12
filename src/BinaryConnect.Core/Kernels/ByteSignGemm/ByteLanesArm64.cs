using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>
/// 16 bytes in a 128-bit register (Arm64 with dot products, which add four products of signed bytes to each 32-bit lane). An
/// input from 0 to 255 is no signed byte, but −input = (127 − input) − 127 is two of them; so sums are those of −input.
/// </summary>
internal readonly struct ByteLanesArm64 : IByteLanes<Vector128<sbyte>, Vector128<int>>
{
    public static int Count => Vector128<sbyte>.Count;

    // 127 − input inverts the lower seven bits; the highest, worth 128, is worth −128 in a signed byte.
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
    public static Vector128<int> SumFour(Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d) => HorizontalSums.Four(Fold(a), Fold(b), Fold(c), Fold(d));
}

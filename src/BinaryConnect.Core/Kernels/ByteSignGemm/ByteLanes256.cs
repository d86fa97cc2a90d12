using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>32 bytes in a 256-bit register (AVX2): 16 lanes of 16-bit sums, each of two adjacent bytes.</summary>
internal readonly struct ByteLanes256 : IByteLanes<Vector256<byte>, Vector256<short>>
{
    public static int Count => Vector256<byte>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(ref readonly byte source, nuint offset) => Vector256.LoadUnsafe(in source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> MultiplyAdd(
        Vector256<byte> bytes, ref readonly sbyte signs, nuint offset, Vector256<short> sums) =>
        sums + Avx2.MultiplyAddAdjacent(bytes, Vector256.LoadUnsafe(in signs, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Fold(Vector256<short> sums)
    {
        Vector256<int> pairs = Avx2.MultiplyAddAdjacent(sums, Vector256<short>.One);
        return pairs.GetLower() + pairs.GetUpper();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> SumFour(Vector256<short> a, Vector256<short> b, Vector256<short> c, Vector256<short> d) =>
        HorizontalSums.Four(Fold(a), Fold(b), Fold(c), Fold(d));
}

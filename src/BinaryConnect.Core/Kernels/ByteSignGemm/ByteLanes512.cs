using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>64 bytes in a 512-bit register (AVX-512 BW): 32 lanes of 16-bit sums, each of two adjacent bytes.</summary>
internal readonly struct ByteLanes512 : IByteLanes<Vector512<byte>, Vector512<short>>
{
    public static int Count => Vector512<byte>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(ref readonly byte source, nuint offset) => Vector512.LoadUnsafe(in source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> MultiplyAdd(
        Vector512<byte> bytes, ref readonly sbyte signs, nuint offset, Vector512<short> sums) =>
        sums + Avx512BW.MultiplyAddAdjacent(bytes, Vector512.LoadUnsafe(in signs, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Fold(Vector512<short> sums) => Fold(Pairs(sums));

    // Interleaves and adds pairs of registers before it folds: half the instructions of four separate horizontal sums.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> SumFour(Vector512<short> a, Vector512<short> b, Vector512<short> c, Vector512<short> d)
    {
        Vector512<long> ab = Interleave(Pairs(a), Pairs(b)).AsInt64(), cd = Interleave(Pairs(c), Pairs(d)).AsInt64();
        return Fold(Avx512F.UnpackLow(ab, cd).AsInt32() + Avx512F.UnpackHigh(ab, cd).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Interleave(Vector512<int> a, Vector512<int> b) =>
        Avx512F.UnpackLow(a, b) + Avx512F.UnpackHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Pairs(Vector512<short> sums) => Avx512BW.MultiplyAddAdjacent(sums, Vector512<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Fold(Vector512<int> sums)
    {
        Vector256<int> half = sums.GetLower() + sums.GetUpper();
        return half.GetLower() + half.GetUpper();
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>16 bytes in a 128-bit register, by operations that every machine has: 8 lanes of 16-bit sums.</summary>
internal readonly struct ByteLanes128 : IByteLanes<Vector128<byte>, Vector128<short>>
{
    public static int Count => Vector128<byte>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(ref readonly byte source, nuint offset) => Vector128.LoadUnsafe(in source, offset);

    // Both halves widen to 16 bits, which a product of at most 255 fits. Lane i sums bytes i and i + 8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> MultiplyAdd(
        Vector128<byte> bytes, ref readonly sbyte signs, nuint offset, Vector128<short> sums)
    {
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(bytes);
        (Vector128<short> lowSigns, Vector128<short> highSigns) = Vector128.Widen(Vector128.LoadUnsafe(in signs, offset));
        return sums + low.AsInt16() * lowSigns + high.AsInt16() * highSigns;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Fold(Vector128<short> sums)
    {
        (Vector128<int> low, Vector128<int> high) = Vector128.Widen(sums);
        return low + high;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> SumFour(Vector128<short> a, Vector128<short> b, Vector128<short> c, Vector128<short> d) =>
        HorizontalSums.Four(Fold(a), Fold(b), Fold(c), Fold(d));
}

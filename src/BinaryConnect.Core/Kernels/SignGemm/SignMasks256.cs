using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels.SignGemm;

/// <summary>Eight floats or words in a 256-bit register.</summary>
internal readonly struct SignMasks256 : ISignMasks<Vector256<uint>>
{
    public static int Count => Vector256<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NegativeWord(ref readonly float source) =>
        Negative(in source, 0) | Negative(in source, 8) << 8 | Negative(in source, 16) << 16 | Negative(in source, 24) << 24;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> PushNegative(Vector256<uint> words, ref readonly float source, nuint offset)
    {
        Vector256<float> negative = Vector256.LessThan(Vector256.LoadUnsafe(in source, offset), Vector256<float>.Zero);
        return words >>> 1 | (negative.AsUInt32() & Vector256.Create(1u << 31));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInverted(Vector256<uint> words, int shift, ref uint destination, nuint offset) =>
        (~words >>> shift).StoreUnsafe(ref destination, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Negative(ref readonly float source, nuint offset) =>
        (uint)Vector256.LessThan(Vector256.LoadUnsafe(in source, offset), Vector256<float>.Zero).ExtractMostSignificantBits();
}

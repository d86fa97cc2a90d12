using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels.SignGemm;

/// <summary>Sixteen floats or words in a 512-bit register.</summary>
internal readonly struct SignMasks512 : ISignMasks<Vector512<uint>>
{
    public static int Count => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NegativeWord(ref readonly float source) =>
        Negative(in source, 0) | Negative(in source, 16) << 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> PushNegative(Vector512<uint> words, ref readonly float source, nuint offset)
    {
        Vector512<float> negative = Vector512.LessThan(Vector512.LoadUnsafe(in source, offset), Vector512<float>.Zero);
        return words >>> 1 | (negative.AsUInt32() & Vector512.Create(1u << 31));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInverted(Vector512<uint> words, int shift, ref uint destination, nuint offset) =>
        (~words >>> shift).StoreUnsafe(ref destination, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Negative(ref readonly float source, nuint offset) =>
        (uint)Vector512.LessThan(Vector512.LoadUnsafe(in source, offset), Vector512<float>.Zero).ExtractMostSignificantBits();
}

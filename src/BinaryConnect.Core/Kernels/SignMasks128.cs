using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels;

/// <summary>Four floats or words in a 128-bit register.</summary>
internal readonly struct SignMasks128 : ISignMasks<Vector128<uint>>
{
    public static int Count => Vector128<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Negative(ref readonly float source, nuint offset) =>
        (uint)Vector128.LessThan(Vector128.LoadUnsafe(in source, offset), Vector128<float>.Zero).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> PushNegative(Vector128<uint> words, ref readonly float source, nuint offset)
    {
        Vector128<float> negative = Vector128.LessThan(Vector128.LoadUnsafe(in source, offset), Vector128<float>.Zero);
        return words >>> 1 | (negative.AsUInt32() & Vector128.Create(1u << 31));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInverted(Vector128<uint> words, int shift, ref uint destination, nuint offset) =>
        (~words >>> shift).StoreUnsafe(ref destination, offset);
}

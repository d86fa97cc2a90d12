using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace BinaryConnect.Kernels.SignGemm;

/// <summary>Four floats or words in a 128-bit register.</summary>
internal readonly struct SignMasks128 : ISignMasks<Vector128<uint>>
{
    public static int Count => Vector128<float>.Count;

    // Arm64 has no instruction that extracts sign bits. There eight comparisons are inserted, each four bits above the
    // one before. Lane i then has four copies of each of its signs. It keeps bit i of every four, and a horizontal sum
    // joins the lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NegativeWord(ref readonly float source)
    {
        if (AdvSimd.Arm64.IsSupported)
        {
            Vector128<uint> words = Negative(in source, 0);
            words = AdvSimd.ShiftLeftAndInsert(words, Negative(in source, 4), 4);
            words = AdvSimd.ShiftLeftAndInsert(words, Negative(in source, 8), 8);
            words = AdvSimd.ShiftLeftAndInsert(words, Negative(in source, 12), 12);
            words = AdvSimd.ShiftLeftAndInsert(words, Negative(in source, 16), 16);
            words = AdvSimd.ShiftLeftAndInsert(words, Negative(in source, 20), 20);
            words = AdvSimd.ShiftLeftAndInsert(words, Negative(in source, 24), 24);
            words = AdvSimd.ShiftLeftAndInsert(words, Negative(in source, 28), 28);
            return Vector128.Sum(words & Vector128.Create(0x1111_1111u, 0x2222_2222, 0x4444_4444, 0x8888_8888));
        }

        uint word = 0;
        for (int lane = 0; lane < SignLayout.WordInputs; lane += Count)
            word |= Negative(in source, (nuint)lane).ExtractMostSignificantBits() << lane;
        return word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> PushNegative(Vector128<uint> words, ref readonly float source, nuint offset)
    {
        Vector128<uint> negative = Negative(in source, offset);
        if (AdvSimd.IsSupported) return AdvSimd.ShiftRightAndInsert(negative, words, 1);
        return words >>> 1 | (negative & Vector128.Create(1u << 31));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInverted(Vector128<uint> words, int shift, ref uint destination, nuint offset) =>
        (~words >>> shift).StoreUnsafe(ref destination, offset);

    // All ones where a float is below 0. −0 compares as 0 does, and unlike 0 the JIT keeps it in a register.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Negative(ref readonly float source, nuint offset) =>
        Vector128.LessThan(Vector128.LoadUnsafe(in source, offset), Vector128.Create(-0f)).AsUInt32();
}

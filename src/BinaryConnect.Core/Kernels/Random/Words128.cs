using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.Random;

/// <summary>Two blocks in 128-bit registers.</summary>
internal readonly struct Words128 : IWords<Vector128<float>>
{
    public static int Count => Vector128<ulong>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Create(ulong value) => Vector128.Create(value).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Counters(ulong first) => (Vector128.Create(first) + Vector128.Create(0UL, 1)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => (a.AsUInt64() + b.AsUInt64()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Product(Vector128<float> a, Vector128<float> b)
    {
        if (Sse2.IsSupported) return Sse2.Multiply(a.AsUInt32(), b.AsUInt32()).AsSingle();
        if (AdvSimd.IsSupported)
        {
            Vector64<uint> left = AdvSimd.ExtractNarrowingLower(a.AsUInt64());
            Vector64<uint> right = AdvSimd.ExtractNarrowingLower(b.AsUInt64());
            return AdvSimd.MultiplyWideningLower(left, right).AsSingle();
        }

        Vector128<ulong> lower = Vector128.Create((ulong)uint.MaxValue);
        return ((a.AsUInt64() & lower) * (b.AsUInt64() & lower)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Upper(Vector128<float> a) => (a.AsUInt64() >> 32).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Xor(Vector128<float> a, Vector128<float> b) => (a.AsUInt64() ^ b.AsUInt64()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Xor(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        (a.AsUInt64() ^ b.AsUInt64() ^ c.AsUInt64()).AsSingle();

    // Pairs words 0 and 1, and words 2 and 3, in a lane. The even lanes of both are the first half of the blocks, the
    // odd lanes the second half.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<float> First, Vector128<float> Second) InOrder(
        Vector128<float> word0, Vector128<float> word1, Vector128<float> word2, Vector128<float> word3)
    {
        Vector128<ulong> front = Pair(word0, word1), back = Pair(word2, word3);
        return Unzip(front, back);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<float> Lower, Vector128<float> Upper) Halves(Vector128<float> words) =>
        (Vector128.ConvertToSingle(words.AsInt32() << 16),
            Vector128.ConvertToSingle(words.AsInt32() & Vector128.Create(-1 << 16)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Upper24(Vector128<float> words) =>
        Vector128.ConvertToSingle((words.AsUInt32() >> 8).AsInt32());

    /// <summary>The even lanes of both registers, and the odd lanes of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<float> Even, Vector128<float> Odd) Unzip(Vector128<ulong> a, Vector128<ulong> b)
    {
        if (Sse2.IsSupported) return (Sse2.UnpackLow(a, b).AsSingle(), Sse2.UnpackHigh(a, b).AsSingle());
        return (Vector128.Create(a.GetLower(), b.GetLower()).AsSingle(), Vector128.Create(a.GetUpper(), b.GetUpper()).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Pair(Vector128<float> lower, Vector128<float> upper) =>
        Vector128.ConditionalSelect(Vector128.Create((ulong)uint.MaxValue), lower.AsUInt64(), upper.AsUInt64() << 32);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.Random;

/// <summary>Eight blocks in 512-bit registers.</summary>
internal readonly struct Words512 : IWords<Vector512<float>>
{
    public static int Count => Vector512<ulong>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Create(ulong value) => Vector512.Create(value).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Counters(ulong first) =>
        (Vector512.Create(first) + Vector512.Create(0UL, 4, 1, 5, 2, 6, 3, 7)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => (a.AsUInt64() + b.AsUInt64()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Product(Vector512<float> a, Vector512<float> b) => Avx512F.IsSupported
        ? Avx512F.Multiply(a.AsUInt32(), b.AsUInt32()).AsSingle()
        : Vector512.Create(Words256.Product(a.GetLower(), b.GetLower()), Words256.Product(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Upper(Vector512<float> a) => (a.AsUInt64() >> 32).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Xor(Vector512<float> a, Vector512<float> b) => (a.AsUInt64() ^ b.AsUInt64()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Xor(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        (a.AsUInt64() ^ b.AsUInt64() ^ c.AsUInt64()).AsSingle();

    // Pairs words 0 and 1, and words 2 and 3, in a lane. The even lanes of both are the first half of the blocks, the
    // odd lanes the second half.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> First, Vector512<float> Second) InOrder(
        Vector512<float> word0, Vector512<float> word1, Vector512<float> word2, Vector512<float> word3)
    {
        Vector512<ulong> front = Pair(word0, word1), back = Pair(word2, word3);
        if (Avx512F.IsSupported) return (Avx512F.UnpackLow(front, back).AsSingle(), Avx512F.UnpackHigh(front, back).AsSingle());
        (Vector256<float> even0, Vector256<float> odd0) = Words256.Unzip(front.GetLower(), back.GetLower());
        (Vector256<float> even1, Vector256<float> odd1) = Words256.Unzip(front.GetUpper(), back.GetUpper());
        return (Vector512.Create(even0, even1), Vector512.Create(odd0, odd1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Lower, Vector512<float> Upper) Halves(Vector512<float> words) =>
        (Vector512.ConvertToSingle(words.AsInt32() << 16),
            Vector512.ConvertToSingle(words.AsInt32() & Vector512.Create(-1 << 16)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Upper24(Vector512<float> words) =>
        Vector512.ConvertToSingle((words.AsUInt32() >> 8).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Pair(Vector512<float> lower, Vector512<float> upper) =>
        Vector512.ConditionalSelect(Vector512.Create((ulong)uint.MaxValue), lower.AsUInt64(), upper.AsUInt64() << 32);
}

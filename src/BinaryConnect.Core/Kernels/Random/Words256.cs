using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.Random;

/// <summary>Four blocks in 256-bit registers.</summary>
internal readonly struct Words256 : IWords<Vector256<float>>
{
    public static int Count => Vector256<ulong>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Create(ulong value) => Vector256.Create(value).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Counters(ulong first) => (Vector256.Create(first) + Vector256.Create(0UL, 2, 1, 3)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => (a.AsUInt64() + b.AsUInt64()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Product(Vector256<float> a, Vector256<float> b) => Avx2.IsSupported
        ? Avx2.Multiply(a.AsUInt32(), b.AsUInt32()).AsSingle()
        : Vector256.Create(Words128.Product(a.GetLower(), b.GetLower()), Words128.Product(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Upper(Vector256<float> a) => (a.AsUInt64() >> 32).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Xor(Vector256<float> a, Vector256<float> b) => (a.AsUInt64() ^ b.AsUInt64()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Xor(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        (a.AsUInt64() ^ b.AsUInt64() ^ c.AsUInt64()).AsSingle();

    // Pairs words 0 and 1, and words 2 and 3, in a lane. The even lanes of both are the first half of the blocks, the
    // odd lanes the second half.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> First, Vector256<float> Second) InOrder(
        Vector256<float> word0, Vector256<float> word1, Vector256<float> word2, Vector256<float> word3)
    {
        Vector256<ulong> front = Pair(word0, word1), back = Pair(word2, word3);
        return Unzip(front, back);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Lower, Vector256<float> Upper) Halves(Vector256<float> words) =>
        (Vector256.ConvertToSingle(words.AsInt32() << 16),
            Vector256.ConvertToSingle(words.AsInt32() & Vector256.Create(-1 << 16)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Upper24(Vector256<float> words) =>
        Vector256.ConvertToSingle((words.AsUInt32() >> 8).AsInt32());

    /// <summary>The even lanes of both registers, and the odd lanes of both, by 128-bit halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Even, Vector256<float> Odd) Unzip(Vector256<ulong> a, Vector256<ulong> b)
    {
        if (Avx2.IsSupported) return (Avx2.UnpackLow(a, b).AsSingle(), Avx2.UnpackHigh(a, b).AsSingle());
        (Vector128<float> even0, Vector128<float> odd0) = Words128.Unzip(a.GetLower(), b.GetLower());
        (Vector128<float> even1, Vector128<float> odd1) = Words128.Unzip(a.GetUpper(), b.GetUpper());
        return (Vector256.Create(even0, even1), Vector256.Create(odd0, odd1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Pair(Vector256<float> lower, Vector256<float> upper) =>
        Vector256.ConditionalSelect(Vector256.Create((ulong)uint.MaxValue), lower.AsUInt64(), upper.AsUInt64() << 32);
}

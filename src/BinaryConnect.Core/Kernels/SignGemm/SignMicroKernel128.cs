using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels.SignGemm;

/// <summary>
/// The micro-kernel of the ±1 product for any machine with 128-bit registers, without lookups. Lanes are outputs: each
/// input is broadcast, its sign bit flipped in lanes whose sign is −, and added. No masks: absent inputs are 0. Sums
/// have the bits of the forms with sum tables. Effectively z[j] = bound · Σ_k s[j, k] · x[k].
/// </summary>
internal readonly struct SignMicroKernel128 : ISignMicroKernel
{
    private const int Group = SumTables.GroupInputs;
    private const int Lanes = 4;
    private const int WordGroups = SignLayout.WordInputs / Group;

    public static int GroupFloats => Group;

    // Stores the inputs themselves.
    public static void Prepare(ReadOnlySpan<float> row, int groups, Span<float> tables, int stride)
    {
        for (int g = 0; g < groups; g++)
        {
            for (int b = 0; b < Group; b++)
            {
                int k = g * Group + b;
                tables[g * stride + b] = k < row.Length ? row[k] : 0;
            }
        }
    }

    // A quarter of a tile at a time: four independent registers of sums.
    public static void OneRow(ref float tables, ref uint signs, int words, float bound, ref float z)
    {
        for (int output = 0; output < SignLayout.TileOutputs; output += 4 * Lanes)
            OneRowQuarterTile(ref tables, ref Unsafe.Add(ref signs, output), words, bound, ref Unsafe.Add(ref z, output));
    }

    public static void OneRowTwoTiles(ref float tables, ref uint signs, int words, float bound, ref float z)
    {
        OneRow(ref tables, ref signs, words, bound, ref z);
        OneRow(
            ref tables,
            ref Unsafe.Add(ref signs, words * SignLayout.TileOutputs),
            words,
            bound,
            ref Unsafe.Add(ref z, SignLayout.TileOutputs));
    }

    // An eighth of a tile at a time: eight registers of sums. The four rows share the flips.
    public static void FourRows(ref float tables, ref uint signs, int bytes, float bound, ref float z, int stride)
    {
        int words = (bytes + sizeof(uint) - 1) / sizeof(uint);
        for (int output = 0; output < SignLayout.TileOutputs; output += 2 * Lanes)
            FourRowsEighthTile(
                ref tables, ref Unsafe.Add(ref signs, output), words, bound, ref Unsafe.Add(ref z, output), stride);
    }

    private static void OneRowQuarterTile(ref float tables, ref uint signs, int words, float bound, ref float z)
    {
        Vector128<float> a0 = default, a1 = default, a2 = default, a3 = default;
        for (int word = 0; word < words; word++)
        {
            Vector128<uint> m0 = Minus(ref signs, 0), m1 = Minus(ref signs, Lanes);
            Vector128<uint> m2 = Minus(ref signs, 2 * Lanes), m3 = Minus(ref signs, 3 * Lanes);
            signs = ref Unsafe.Add(ref signs, SignLayout.TileOutputs);
            for (int group = 0; group < WordGroups; group++)
            {
                a0 += Sum(ref tables, Flip(m0, 0), Flip(m0, 1), Flip(m0, 2), Flip(m0, 3));
                a1 += Sum(ref tables, Flip(m1, 0), Flip(m1, 1), Flip(m1, 2), Flip(m1, 3));
                a2 += Sum(ref tables, Flip(m2, 0), Flip(m2, 1), Flip(m2, 2), Flip(m2, 3));
                a3 += Sum(ref tables, Flip(m3, 0), Flip(m3, 1), Flip(m3, 2), Flip(m3, 3));
                tables = ref Unsafe.Add(ref tables, Group);
                m0 >>>= Group;
                m1 >>>= Group;
                m2 >>>= Group;
                m3 >>>= Group;
            }
        }

        StorePair(a0, a1, bound, ref z);
        StorePair(a2, a3, bound, ref Unsafe.Add(ref z, 2 * Lanes));
    }

    private static void FourRowsEighthTile(ref float tables, ref uint signs, int words, float bound, ref float z, int stride)
    {
        Vector128<float> a0 = default, a1 = default, b0 = default, b1 = default;
        Vector128<float> c0 = default, c1 = default, d0 = default, d1 = default;
        for (int word = 0; word < words; word++)
        {
            Vector128<uint> m0 = Minus(ref signs, 0), m1 = Minus(ref signs, Lanes);
            signs = ref Unsafe.Add(ref signs, SignLayout.TileOutputs);
            for (int group = 0; group < WordGroups; group++)
            {
                Vector128<float> f0 = Flip(m0, 0), f1 = Flip(m0, 1), f2 = Flip(m0, 2), f3 = Flip(m0, 3);
                a0 += Sum(ref tables, f0, f1, f2, f3);
                b0 += Sum(ref Unsafe.Add(ref tables, Group), f0, f1, f2, f3);
                c0 += Sum(ref Unsafe.Add(ref tables, 2 * Group), f0, f1, f2, f3);
                d0 += Sum(ref Unsafe.Add(ref tables, 3 * Group), f0, f1, f2, f3);
                f0 = Flip(m1, 0);
                f1 = Flip(m1, 1);
                f2 = Flip(m1, 2);
                f3 = Flip(m1, 3);
                a1 += Sum(ref tables, f0, f1, f2, f3);
                b1 += Sum(ref Unsafe.Add(ref tables, Group), f0, f1, f2, f3);
                c1 += Sum(ref Unsafe.Add(ref tables, 2 * Group), f0, f1, f2, f3);
                d1 += Sum(ref Unsafe.Add(ref tables, 3 * Group), f0, f1, f2, f3);
                tables = ref Unsafe.Add(ref tables, 4 * Group);
                m0 >>>= Group;
                m1 >>>= Group;
            }
        }

        StorePair(a0, a1, bound, ref z);
        StorePair(b0, b1, bound, ref Unsafe.Add(ref z, stride));
        StorePair(c0, c1, bound, ref Unsafe.Add(ref z, 2 * (nint)stride));
        StorePair(d0, d1, bound, ref Unsafe.Add(ref z, 3 * (nint)stride));
    }

    // Bits of 1 where the sign is −.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Minus(ref uint signs, nuint offset) => ~Vector128.LoadUnsafe(ref signs, offset);

    // Moves a bit to the sign bit of a float.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Flip(Vector128<uint> minus, int bit) =>
        (minus << (31 - bit) & Vector128.Create(1u << 31)).AsSingle();

    // (±x₀ ± x₁) + (±x₂ ± x₃), lane by lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Sum(
        ref float x, Vector128<float> f0, Vector128<float> f1, Vector128<float> f2, Vector128<float> f3) =>
        (Vector128.Create(x) ^ f0) + (Vector128.Create(Unsafe.Add(ref x, 1)) ^ f1)
        + ((Vector128.Create(Unsafe.Add(ref x, 2)) ^ f2) + (Vector128.Create(Unsafe.Add(ref x, 3)) ^ f3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(Vector128<float> first, Vector128<float> second, float bound, ref float z)
    {
        Vector128<float> factor = Vector128.Create(bound);
        (first * factor).StoreUnsafe(ref z);
        (second * factor).StoreUnsafe(ref z, Lanes);
    }
}

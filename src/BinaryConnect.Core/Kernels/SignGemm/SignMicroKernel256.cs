using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.SignGemm;

/// <summary>
/// The micro-kernel of the ±1 product with half a sum table in a 256-bit register. Negating all four signs negates the
/// sum, so that the eight entries with +x₃ suffice: where the fourth sign is −, the other three are inverted, and the
/// sum's sign flips. Lanes are outputs. No masks: sums of absent inputs are 0. The bits are those of the 512-bit form.
/// Effectively z[j] = bound · Σ_k s[j, k] · x[k].
/// </summary>
internal readonly struct SignMicroKernel256 : ISignMicroKernel
{
    private const int Entries = SumTables.Entries;
    private const int UpperHalf = Entries / 2;
    private const int Lanes = 8;
    private const int WordGroups = SignLayout.WordInputs / SumTables.GroupInputs;

    public static int GroupFloats => Entries;

    public static void Prepare(ReadOnlySpan<float> row, int groups, Span<float> tables, int stride) =>
        SumTables.Build<Vector256<float>, Lanes256>(row, groups, tables, stride);

    // Half a tile at a time: four independent registers of sums.
    public static void OneRow(ref float tables, ref uint signs, int words, float bound, ref float z)
    {
        for (int output = 0; output < SignLayout.TileOutputs; output += 4 * Lanes)
            OneRowHalfTile(ref tables, ref Unsafe.Add(ref signs, output), words, bound, ref Unsafe.Add(ref z, output));
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

    // A quarter of a tile at a time: eight registers of sums. The four rows share indexes and flips.
    public static void FourRows(ref float tables, ref uint signs, int bytes, float bound, ref float z, int stride)
    {
        int words = (bytes + sizeof(uint) - 1) / sizeof(uint);
        for (int output = 0; output < SignLayout.TileOutputs; output += 2 * Lanes)
            FourRowsQuarterTile(
                ref tables, ref Unsafe.Add(ref signs, output), words, bound, ref Unsafe.Add(ref z, output), stride);
    }

    private static void OneRowHalfTile(ref float tables, ref uint signs, int words, float bound, ref float z)
    {
        Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default;
        for (int word = 0; word < words; word++)
        {
            Vector256<uint> i0 = Indexes(ref signs, 0), i1 = Indexes(ref signs, Lanes);
            Vector256<uint> i2 = Indexes(ref signs, 2 * Lanes), i3 = Indexes(ref signs, 3 * Lanes);
            signs = ref Unsafe.Add(ref signs, SignLayout.TileOutputs);
            for (int group = 0; group < WordGroups; group++)
            {
                Vector256<float> table = Table(ref tables, UpperHalf);
                a0 += Sum(table, i0, Flip(i0));
                a1 += Sum(table, i1, Flip(i1));
                a2 += Sum(table, i2, Flip(i2));
                a3 += Sum(table, i3, Flip(i3));
                tables = ref Unsafe.Add(ref tables, Entries);
                i0 >>>= 4;
                i1 >>>= 4;
                i2 >>>= 4;
                i3 >>>= 4;
            }
        }

        StorePair(a0, a1, bound, ref z);
        StorePair(a2, a3, bound, ref Unsafe.Add(ref z, 2 * Lanes));
    }

    private static void FourRowsQuarterTile(ref float tables, ref uint signs, int words, float bound, ref float z, int stride)
    {
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default;
        Vector256<float> c0 = default, c1 = default, d0 = default, d1 = default;
        for (int word = 0; word < words; word++)
        {
            Vector256<uint> i0 = Indexes(ref signs, 0), i1 = Indexes(ref signs, Lanes);
            signs = ref Unsafe.Add(ref signs, SignLayout.TileOutputs);
            for (int group = 0; group < WordGroups; group++)
            {
                Vector256<float> s0 = Flip(i0), s1 = Flip(i1), table;
                table = Table(ref tables, UpperHalf);
                a0 += Sum(table, i0, s0);
                a1 += Sum(table, i1, s1);
                table = Table(ref tables, 1 * Entries + UpperHalf);
                b0 += Sum(table, i0, s0);
                b1 += Sum(table, i1, s1);
                table = Table(ref tables, 2 * Entries + UpperHalf);
                c0 += Sum(table, i0, s0);
                c1 += Sum(table, i1, s1);
                table = Table(ref tables, 3 * Entries + UpperHalf);
                d0 += Sum(table, i0, s0);
                d1 += Sum(table, i1, s1);
                tables = ref Unsafe.Add(ref tables, 4 * Entries);
                i0 >>>= 4;
                i1 >>>= 4;
            }
        }

        StorePair(a0, a1, bound, ref z);
        StorePair(b0, b1, bound, ref Unsafe.Add(ref z, stride));
        StorePair(c0, c1, bound, ref Unsafe.Add(ref z, 2 * (nint)stride));
        StorePair(d0, d1, bound, ref Unsafe.Add(ref z, 3 * (nint)stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Table(ref float tables, nuint offset) => Vector256.LoadUnsafe(ref tables, offset);

    // In every four bits, the highest becomes the flip (1 where it was −), and inverts the others: 8 − 1 = 0b111.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Indexes(ref uint signs, nuint offset)
    {
        Vector256<uint> bits = Vector256.LoadUnsafe(ref signs, offset), fourth = Vector256.Create(0x8888_8888u);
        Vector256<uint> inverted = bits ^ fourth, minus = inverted & fourth;
        return inverted ^ (minus - (minus >>> 3));
    }

    // Moves the flip of the lowest four bits to the sign bit of a float.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Flip(Vector256<uint> indexes) => (indexes << 28 & Vector256.Create(1u << 31)).AsSingle();

    // A permute reads only the lowest three bits of an index.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Sum(Vector256<float> table, Vector256<uint> indexes, Vector256<float> flip) =>
        Avx2.PermuteVar8x32(table, indexes.AsInt32()) ^ flip;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(Vector256<float> first, Vector256<float> second, float bound, ref float z)
    {
        Vector256<float> factor = Vector256.Create(bound);
        (first * factor).StoreUnsafe(ref z);
        (second * factor).StoreUnsafe(ref z, Lanes);
    }
}

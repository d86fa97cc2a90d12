using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.SignGemm;

/// <summary>
/// The micro-kernel of the ±1 product with a sum table of 16 entries in a 512-bit register. One permute looks up the
/// sums of 16 outputs: it and an addition replace 64 multiply-adds. Lanes are outputs, without horizontal sums. No
/// masks: sums of absent inputs are 0. A permute reads only the lowest four bits of an index, so that packed signs are
/// indexes, shifted down by four bits a group. Effectively z[j] = bound · Σ_k s[j, k] · x[k].
/// </summary>
/// <remarks>
/// Some sums are added as sum · 1 + total. The bits are the same, but the multiplier units add. On Zen 5 these are
/// free, while the adders share a port with the permutes. A load that starts a byte later replaces a shift by eight
/// bits: the byte that enters at the top belongs to the next word, and no permute reads it.
/// </remarks>
internal readonly struct SignMicroKernel512 : ISignMicroKernel
{
    private const int Entries = SumTables.Entries;
    private const int Lanes = 16;
    private const int WordGroups = SignLayout.WordInputs / SumTables.GroupInputs;

    public static int GroupFloats => Entries;

    public static void Prepare(ReadOnlySpan<float> row, int groups, Span<float> tables, int stride) =>
        SumTables.Build<Vector512<float>, Lanes512>(row, groups, tables, stride);

    // For the last of an odd number of tiles: four registers of sums do not hide the latency of additions.
    public static void OneRow(ref float tables, ref uint signs, int words, float bound, ref float z)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        for (int word = 0; word < words; word++)
        {
            Vector512<uint> i0 = Vector512.LoadUnsafe(ref signs), i1 = Vector512.LoadUnsafe(ref signs, Lanes);
            Vector512<uint> i2 = Vector512.LoadUnsafe(ref signs, 2 * Lanes), i3 = Vector512.LoadUnsafe(ref signs, 3 * Lanes);
            signs = ref Unsafe.Add(ref signs, SignLayout.TileOutputs);
            for (int group = 0; group < WordGroups; group++)
            {
                Vector512<float> table = Table(ref tables, 0);
                a0 += Sum(table, i0);
                a1 += Sum(table, i1);
                a2 += Sum(table, i2);
                a3 += Sum(table, i3);
                tables = ref Unsafe.Add(ref tables, Entries);
                i0 >>>= 4;
                i1 >>>= 4;
                i2 >>>= 4;
                i3 >>>= 4;
            }
        }

        StoreTile(a0, a1, a2, a3, bound, ref z);
    }

    // Eight independent registers of sums: a for the first tile, b for the second.
    public static void OneRowTwoTiles(ref float tables, ref uint signs, int words, float bound, ref float z)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default;
        ref byte first = ref Unsafe.As<uint, byte>(ref signs);
        ref byte second = ref Unsafe.As<uint, byte>(ref Unsafe.Add(ref signs, words * SignLayout.TileOutputs));
        for (int word = 0; word < words; word++)
        {
            for (int late = 0; late < sizeof(uint); late++)
            {
                Vector512<uint> i0 = Indexes(ref first, 0), i1 = Indexes(ref first, 1);
                Vector512<uint> i2 = Indexes(ref first, 2), i3 = Indexes(ref first, 3);
                Vector512<uint> j0 = Indexes(ref second, 0), j1 = Indexes(ref second, 1);
                Vector512<uint> j2 = Indexes(ref second, 2), j3 = Indexes(ref second, 3);
                Vector512<float> table = Table(ref tables, 0);
                a0 = Fused(table, i0, a0);
                a1 = Fused(table, i1, a1);
                a2 = Fused(table, i2, a2);
                a3 = Fused(table, i3, a3);
                b0 = Fused(table, j0, b0);
                b1 = Fused(table, j1, b1);
                b2 = Fused(table, j2, b2);
                b3 = Fused(table, j3, b3);
                table = Table(ref tables, Entries);
                a0 = Fused(table, i0 >>> 4, a0);
                a1 = Fused(table, i1 >>> 4, a1);
                a2 = Fused(table, i2 >>> 4, a2);
                a3 = Fused(table, i3 >>> 4, a3);
                b0 = Fused(table, j0 >>> 4, b0);
                b1 = Fused(table, j1 >>> 4, b1);
                b2 = Fused(table, j2 >>> 4, b2);
                b3 = Fused(table, j3 >>> 4, b3);
                tables = ref Unsafe.Add(ref tables, 2 * Entries);
                first = ref Unsafe.Add(ref first, 1);
                second = ref Unsafe.Add(ref second, 1);
            }

            first = ref Unsafe.Add(ref first, (SignLayout.TileOutputs - 1) * sizeof(uint));
            second = ref Unsafe.Add(ref second, (SignLayout.TileOutputs - 1) * sizeof(uint));
        }

        StoreTile(a0, a1, a2, a3, bound, ref z);
        StoreTile(b0, b1, b2, b3, bound, ref Unsafe.Add(ref z, SignLayout.TileOutputs));
    }

    // Sixteen registers of sums, a to d for the four rows, which share the shifted indexes.
    public static void FourRows(ref float tables, ref uint signs, int bytes, float bound, ref float z, int stride)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector512<float> d0 = default, d1 = default, d2 = default, d3 = default;
        ref byte source = ref Unsafe.As<uint, byte>(ref signs);
        for (; bytes > 0; bytes -= sizeof(uint))
        {
            for (int late = Math.Min(bytes, sizeof(uint)); late > 0; late--)
            {
                Vector512<uint> i0 = Indexes(ref source, 0), i1 = Indexes(ref source, 1);
                Vector512<uint> i2 = Indexes(ref source, 2), i3 = Indexes(ref source, 3);
                Vector512<float> table = Table(ref tables, 0);
                a0 += Sum(table, i0);
                a1 = Fused(table, i1, a1);
                a2 += Sum(table, i2);
                a3 = Fused(table, i3, a3);
                table = Table(ref tables, Entries);
                b0 += Sum(table, i0);
                b1 = Fused(table, i1, b1);
                b2 += Sum(table, i2);
                b3 = Fused(table, i3, b3);
                table = Table(ref tables, 2 * Entries);
                c0 += Sum(table, i0);
                c1 = Fused(table, i1, c1);
                c2 += Sum(table, i2);
                c3 = Fused(table, i3, c3);
                table = Table(ref tables, 3 * Entries);
                d0 += Sum(table, i0);
                d1 = Fused(table, i1, d1);
                d2 += Sum(table, i2);
                d3 = Fused(table, i3, d3);
                i0 >>>= 4;
                i1 >>>= 4;
                i2 >>>= 4;
                i3 >>>= 4;
                table = Table(ref tables, 4 * Entries);
                a0 += Sum(table, i0);
                a1 = Fused(table, i1, a1);
                a2 += Sum(table, i2);
                a3 = Fused(table, i3, a3);
                table = Table(ref tables, 5 * Entries);
                b0 += Sum(table, i0);
                b1 = Fused(table, i1, b1);
                b2 += Sum(table, i2);
                b3 = Fused(table, i3, b3);
                table = Table(ref tables, 6 * Entries);
                c0 += Sum(table, i0);
                c1 = Fused(table, i1, c1);
                c2 += Sum(table, i2);
                c3 = Fused(table, i3, c3);
                table = Table(ref tables, 7 * Entries);
                d0 += Sum(table, i0);
                d1 = Fused(table, i1, d1);
                d2 += Sum(table, i2);
                d3 = Fused(table, i3, d3);
                tables = ref Unsafe.Add(ref tables, 8 * Entries);
                source = ref Unsafe.Add(ref source, 1);
            }

            source = ref Unsafe.Add(ref source, (SignLayout.TileOutputs - 1) * sizeof(uint));
        }

        StoreTile(a0, a1, a2, a3, bound, ref z);
        StoreTile(b0, b1, b2, b3, bound, ref Unsafe.Add(ref z, stride));
        StoreTile(c0, c1, c2, c3, bound, ref Unsafe.Add(ref z, 2 * (nint)stride));
        StoreTile(d0, d1, d2, d3, bound, ref Unsafe.Add(ref z, 3 * (nint)stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Table(ref float tables, nuint offset) => Vector512.LoadUnsafe(ref tables, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Indexes(ref byte signs, nuint register) =>
        Vector512.LoadUnsafe(ref signs, register * Lanes * sizeof(uint)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sum(Vector512<float> table, Vector512<uint> indexes) =>
        Avx512F.PermuteVar16x32(table, indexes.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Fused(Vector512<float> table, Vector512<uint> indexes, Vector512<float> total) =>
        Avx512F.FusedMultiplyAdd(Sum(table, indexes), Vector512<float>.One, total);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreTile(
        Vector512<float> first, Vector512<float> second, Vector512<float> third, Vector512<float> fourth,
        float bound, ref float z)
    {
        Vector512<float> factor = Vector512.Create(bound);
        (first * factor).StoreUnsafe(ref z);
        (second * factor).StoreUnsafe(ref z, Lanes);
        (third * factor).StoreUnsafe(ref z, 2 * Lanes);
        (fourth * factor).StoreUnsafe(ref z, 3 * Lanes);
    }
}

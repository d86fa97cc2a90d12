using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels;

/// <summary>
/// The ±1 product for any machine with 128-bit registers, without lookups. Each input is broadcast, its sign bit flipped in the
/// lanes, which are outputs, whose sign is −, and added. Absent inputs are 0, and there are no masks. Sums run from the first
/// input to the last, as in the scalar form.
/// </summary>
internal readonly struct SignTiles128 : ISignTiles
{
    private const int Group = SignTables.GroupInputs;
    private const int Lanes = 4;

    public static int GroupFloats => Group;

    // Keeps the inputs themselves.
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

    // A quarter of a tile at a time: four sums go on at once.
    public static void OneRow(ref float tables, ref uint signs, int words, float bound, ref float z)
    {
        for (int output = 0; output < SignLayout.TileOutputs; output += 4 * Lanes)
            OneRowQuarterTile(ref tables, ref Unsafe.Add(ref signs, output), words, bound, ref Unsafe.Add(ref z, output));
    }

    public static void OneRowTwoTiles(ref float tables, ref uint signs, int words, float bound, ref float z)
    {
        OneRow(ref tables, ref signs, words, bound, ref z);
        OneRow(ref tables, ref Unsafe.Add(ref signs, words * SignLayout.TileOutputs), words, bound, ref Unsafe.Add(ref z, SignLayout.TileOutputs));
    }

    // An eighth of a tile at a time: eight sums in registers; the four rows share the signs.
    public static void FourRows(ref float tables, ref uint signs, int words, float bound, ref float z, int stride)
    {
        for (int output = 0; output < SignLayout.TileOutputs; output += 2 * Lanes)
            FourRowsEighthTile(ref tables, ref Unsafe.Add(ref signs, output), words, bound, ref Unsafe.Add(ref z, output), stride);
    }

    private static void OneRowQuarterTile(ref float tables, ref uint signs, int words, float bound, ref float z)
    {
        Vector128<float> a0 = default, a1 = default, a2 = default, a3 = default;
        for (int word = 0; word < words; word++)
        {
            Vector128<uint> m0 = Minus(ref signs, 0), m1 = Minus(ref signs, Lanes), m2 = Minus(ref signs, 2 * Lanes), m3 = Minus(ref signs, 3 * Lanes);
            signs = ref Unsafe.Add(ref signs, SignLayout.TileOutputs);
            for (int bit = 0; bit < SignLayout.WordInputs; bit++)
            {
                Vector128<float> x = Vector128.Create(tables);
                a0 += x ^ Flip(m0);
                a1 += x ^ Flip(m1);
                a2 += x ^ Flip(m2);
                a3 += x ^ Flip(m3);
                tables = ref Unsafe.Add(ref tables, 1);
                m0 >>>= 1;
                m1 >>>= 1;
                m2 >>>= 1;
                m3 >>>= 1;
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
            for (int bit = 0; bit < SignLayout.WordInputs; bit++)
            {
                Vector128<float> f0 = Flip(m0), f1 = Flip(m1), x = Vector128.Create(tables);
                a0 += x ^ f0;
                a1 += x ^ f1;
                x = Vector128.Create(Unsafe.Add(ref tables, Group));
                b0 += x ^ f0;
                b1 += x ^ f1;
                x = Vector128.Create(Unsafe.Add(ref tables, 2 * Group));
                c0 += x ^ f0;
                c1 += x ^ f1;
                x = Vector128.Create(Unsafe.Add(ref tables, 3 * Group));
                d0 += x ^ f0;
                d1 += x ^ f1;

                // The next input of the group, or the first of the next group, past the other rows' inputs.
                tables = ref Unsafe.Add(ref tables, bit % Group == Group - 1 ? 3 * Group + 1 : 1);
                m0 >>>= 1;
                m1 >>>= 1;
            }
        }

        StorePair(a0, a1, bound, ref z);
        StorePair(b0, b1, bound, ref Unsafe.Add(ref z, stride));
        StorePair(c0, c1, bound, ref Unsafe.Add(ref z, 2 * (nint)stride));
        StorePair(d0, d1, bound, ref Unsafe.Add(ref z, 3 * (nint)stride));
    }

    // 1 where the sign is −.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Minus(ref uint signs, nuint offset) => ~Vector128.LoadUnsafe(ref signs, offset);

    // The lowest bit as the sign bit of a float.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Flip(Vector128<uint> minus) => (minus << 31).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(Vector128<float> first, Vector128<float> second, float bound, ref float z)
    {
        Vector128<float> factor = Vector128.Create(bound);
        (first * factor).StoreUnsafe(ref z);
        (second * factor).StoreUnsafe(ref z, Lanes);
    }
}

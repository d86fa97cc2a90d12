using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>
/// The loops of <see cref="ByteTableGemm"/> (AVX-512 BW), for tiles of 64 outputs by four rows, or by one. A word of
/// signs holds three indexes of five bits. The permutation reads the lowest five bits of a lane, so that a shift
/// brings the next index there.
/// </summary>
internal static unsafe class ByteTableMicroKernel
{
    /// <summary>
    /// The words between two widenings. Unsigned 16-bit sums hold their 255 inputs: 255 · 255 is below 2¹⁶.
    /// </summary>
    public const int WideningWords = 17;

    /// <summary>The rows of a tile.</summary>
    public const int Rows = 4;

    private const int Half = ByteTableLayout.TileOutputs / 2, GroupInputs = 5;

    /// <summary>
    /// Adds twice the chosen sums of at most <see cref="WideningWords"/> words to z of four rows. Tables are in the
    /// order [words][3 groups][4 rows]. With <paramref name="totals"/> z begins at minus the row's total.
    /// </summary>
    public static void MultiplyRows(ushort* signs, int words, short* tables, int* totals, int* z, int stride)
    {
        Vector512<short> a0 = default, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        for (ushort* end = signs + words * ByteTableLayout.TileOutputs; signs < end; signs += ByteTableLayout.TileOutputs)
        {
            Vector512<short> i = Vector512.Load((short*)signs), j = Vector512.Load((short*)signs + Half);
            Vector512<short> table = Vector512.Load(tables);
            a0 += Avx512BW.PermuteVar32x16(table, i);
            b0 += Avx512BW.PermuteVar32x16(table, j);
            table = Vector512.Load(tables + ByteTables.Length);
            a1 += Avx512BW.PermuteVar32x16(table, i);
            b1 += Avx512BW.PermuteVar32x16(table, j);
            table = Vector512.Load(tables + 2 * ByteTables.Length);
            a2 += Avx512BW.PermuteVar32x16(table, i);
            b2 += Avx512BW.PermuteVar32x16(table, j);
            table = Vector512.Load(tables + 3 * ByteTables.Length);
            a3 += Avx512BW.PermuteVar32x16(table, i);
            b3 += Avx512BW.PermuteVar32x16(table, j);

            i >>>= GroupInputs;
            j >>>= GroupInputs;
            table = Vector512.Load(tables + 4 * ByteTables.Length);
            a0 += Avx512BW.PermuteVar32x16(table, i);
            b0 += Avx512BW.PermuteVar32x16(table, j);
            table = Vector512.Load(tables + 5 * ByteTables.Length);
            a1 += Avx512BW.PermuteVar32x16(table, i);
            b1 += Avx512BW.PermuteVar32x16(table, j);
            table = Vector512.Load(tables + 6 * ByteTables.Length);
            a2 += Avx512BW.PermuteVar32x16(table, i);
            b2 += Avx512BW.PermuteVar32x16(table, j);
            table = Vector512.Load(tables + 7 * ByteTables.Length);
            a3 += Avx512BW.PermuteVar32x16(table, i);
            b3 += Avx512BW.PermuteVar32x16(table, j);

            i >>>= GroupInputs;
            j >>>= GroupInputs;
            table = Vector512.Load(tables + 8 * ByteTables.Length);
            a0 += Avx512BW.PermuteVar32x16(table, i);
            b0 += Avx512BW.PermuteVar32x16(table, j);
            table = Vector512.Load(tables + 9 * ByteTables.Length);
            a1 += Avx512BW.PermuteVar32x16(table, i);
            b1 += Avx512BW.PermuteVar32x16(table, j);
            table = Vector512.Load(tables + 10 * ByteTables.Length);
            a2 += Avx512BW.PermuteVar32x16(table, i);
            b2 += Avx512BW.PermuteVar32x16(table, j);
            table = Vector512.Load(tables + 11 * ByteTables.Length);
            a3 += Avx512BW.PermuteVar32x16(table, i);
            b3 += Avx512BW.PermuteVar32x16(table, j);
            tables += Rows * ByteTables.WordLength;
        }

        Put(a0, b0, totals, z);
        Put(a1, b1, totals is null ? null : totals + 1, z + stride);
        Put(a2, b2, totals is null ? null : totals + 2, z + 2 * (nint)stride);
        Put(a3, b3, totals is null ? null : totals + 3, z + 3 * (nint)stride);
    }

    /// <summary>
    /// The same for one row, and any number of words. Tables are in the order [words][3 groups].
    /// </summary>
    public static void MultiplyRow(ushort* signs, int words, short* tables, int* total, int* z)
    {
        while (words > 0)
        {
            int count = Math.Min(words, WideningWords);
            Vector512<short> a = default, b = a;
            for (ushort* end = signs + count * ByteTableLayout.TileOutputs; signs < end; signs += ByteTableLayout.TileOutputs)
            {
                Vector512<short> i = Vector512.Load((short*)signs), j = Vector512.Load((short*)signs + Half);
                Vector512<short> table = Vector512.Load(tables);
                a += Avx512BW.PermuteVar32x16(table, i);
                b += Avx512BW.PermuteVar32x16(table, j);
                table = Vector512.Load(tables + ByteTables.Length);
                a += Avx512BW.PermuteVar32x16(table, i >>> GroupInputs);
                b += Avx512BW.PermuteVar32x16(table, j >>> GroupInputs);
                table = Vector512.Load(tables + 2 * ByteTables.Length);
                a += Avx512BW.PermuteVar32x16(table, i >>> 2 * GroupInputs);
                b += Avx512BW.PermuteVar32x16(table, j >>> 2 * GroupInputs);
                tables += ByteTables.WordLength;
            }

            Put(a, b, total, z);
            total = null;
            words -= count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<short> a, Vector512<short> b, int* total, int* z)
    {
        (Vector512<uint> first, Vector512<uint> second) = Vector512.Widen(a.AsUInt16());
        (Vector512<uint> third, Vector512<uint> fourth) = Vector512.Widen(b.AsUInt16());
        Put(first, total, z);
        Put(second, total, z + 16);
        Put(third, total, z + 32);
        Put(fourth, total, z + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<uint> sums, int* total, int* z)
    {
        Vector512<int> start = total is null ? Vector512.Load(z) : Vector512.Create(-*total);
        (start + (sums << 1).AsInt32()).Store(z);
    }
}

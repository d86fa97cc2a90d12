using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>
/// The loops of <see cref="ByteTableGemm"/> (AVX-512 BW), for tiles of 128 outputs by four rows, or by one. A word of
/// signs holds three indexes of five bits. The permutation reads the lowest five bits of a lane, so that a shift brings
/// an index there.
/// </summary>
internal static unsafe class ByteTableMicroKernel
{
    /// <summary>
    /// The groups between two widenings. Unsigned 16-bit sums hold their 255 inputs: 255 · 255 is below 2¹⁶.
    /// </summary>
    public const int WideningGroups = byte.MaxValue / ByteTableLayout.GroupInputs;

    /// <summary>The rows of a tile.</summary>
    public const int Rows = 4;

    private const int Lanes = ByteTableLayout.TileOutputs / 4;

    /// <summary>
    /// Adds twice the chosen sums of at most <see cref="WideningGroups"/> groups to z of four rows. Tables are in the
    /// order [groups][4 rows]. With <paramref name="totals"/> z begins at minus the row's total.
    /// </summary>
    public static void MultiplyRows(
        ushort* signs, ReadOnlySpan<ByteTableGroup> groups, short* tables, int* totals, int* z, int stride)
    {
        Vector512<short> a0 = default, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        Vector512<short> c0 = default, c1 = c0, c2 = c0, c3 = c0, d0 = c0, d1 = c0, d2 = c0, d3 = c0;
        foreach (ByteTableGroup group in groups)
        {
            short* from = (short*)signs + group.Offset;
            Vector512<ushort> shift = Vector512.Create(group.Shift);
            Vector512<short> i = Load(from, shift), j = Load(from + Lanes, shift);
            Vector512<short> k = Load(from + 2 * Lanes, shift), l = Load(from + 3 * Lanes, shift);
            Vector512<short> table = Vector512.Load(tables);
            a0 += Avx512BW.PermuteVar32x16(table, i);
            b0 += Avx512BW.PermuteVar32x16(table, j);
            c0 += Avx512BW.PermuteVar32x16(table, k);
            d0 += Avx512BW.PermuteVar32x16(table, l);
            table = Vector512.Load(tables + ByteTables.Length);
            a1 += Avx512BW.PermuteVar32x16(table, i);
            b1 += Avx512BW.PermuteVar32x16(table, j);
            c1 += Avx512BW.PermuteVar32x16(table, k);
            d1 += Avx512BW.PermuteVar32x16(table, l);
            table = Vector512.Load(tables + 2 * ByteTables.Length);
            a2 += Avx512BW.PermuteVar32x16(table, i);
            b2 += Avx512BW.PermuteVar32x16(table, j);
            c2 += Avx512BW.PermuteVar32x16(table, k);
            d2 += Avx512BW.PermuteVar32x16(table, l);
            table = Vector512.Load(tables + 3 * ByteTables.Length);
            a3 += Avx512BW.PermuteVar32x16(table, i);
            b3 += Avx512BW.PermuteVar32x16(table, j);
            c3 += Avx512BW.PermuteVar32x16(table, k);
            d3 += Avx512BW.PermuteVar32x16(table, l);
            tables += Rows * ByteTables.Length;
        }

        Put(a0, b0, c0, d0, totals, z);
        Put(a1, b1, c1, d1, totals is null ? null : totals + 1, z + stride);
        Put(a2, b2, c2, d2, totals is null ? null : totals + 2, z + 2 * (nint)stride);
        Put(a3, b3, c3, d3, totals is null ? null : totals + 3, z + 3 * (nint)stride);
    }

    /// <summary>
    /// The same for one row and any number of words, named by their first groups. Tables are in the order
    /// [words][3 groups].
    /// </summary>
    public static void MultiplyRow(ushort* signs, ReadOnlySpan<ByteTableGroup> words, short* tables, int* total, int* z)
    {
        do
        {
            int count = Math.Min(words.Length, WideningGroups / ByteTableLayout.WordGroups);
            Vector512<short> a = default, b = a, c = a, d = a;
            foreach (ByteTableGroup word in words[..count])
            {
                short* from = (short*)signs + word.Offset;
                Vector512<short> i = Vector512.Load(from), j = Vector512.Load(from + Lanes);
                Vector512<short> k = Vector512.Load(from + 2 * Lanes), l = Vector512.Load(from + 3 * Lanes);
                Vector512<short> table = Vector512.Load(tables);
                a += Avx512BW.PermuteVar32x16(table, i);
                b += Avx512BW.PermuteVar32x16(table, j);
                c += Avx512BW.PermuteVar32x16(table, k);
                d += Avx512BW.PermuteVar32x16(table, l);
                table = Vector512.Load(tables + ByteTables.Length);
                a += Avx512BW.PermuteVar32x16(table, i >>> ByteTableLayout.GroupInputs);
                b += Avx512BW.PermuteVar32x16(table, j >>> ByteTableLayout.GroupInputs);
                c += Avx512BW.PermuteVar32x16(table, k >>> ByteTableLayout.GroupInputs);
                d += Avx512BW.PermuteVar32x16(table, l >>> ByteTableLayout.GroupInputs);
                table = Vector512.Load(tables + 2 * ByteTables.Length);
                a += Avx512BW.PermuteVar32x16(table, i >>> 2 * ByteTableLayout.GroupInputs);
                b += Avx512BW.PermuteVar32x16(table, j >>> 2 * ByteTableLayout.GroupInputs);
                c += Avx512BW.PermuteVar32x16(table, k >>> 2 * ByteTableLayout.GroupInputs);
                d += Avx512BW.PermuteVar32x16(table, l >>> 2 * ByteTableLayout.GroupInputs);
                tables += ByteTableLayout.WordGroups * ByteTables.Length;
            }

            Put(a, b, c, d, total, z);
            total = null;
            words = words[count..];
        }
        while (!words.IsEmpty);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Load(short* signs, Vector512<ushort> shift) =>
        Avx512BW.ShiftRightLogicalVariable(Vector512.Load(signs), shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(
        Vector512<short> a, Vector512<short> b, Vector512<short> c, Vector512<short> d, int* total, int* z)
    {
        Put(a, total, z);
        Put(b, total, z + Lanes);
        Put(c, total, z + 2 * Lanes);
        Put(d, total, z + 3 * Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<short> sums, int* total, int* z)
    {
        (Vector512<uint> low, Vector512<uint> high) = Vector512.Widen(sums.AsUInt16());
        Put(low, total, z);
        Put(high, total, z + Lanes / 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<uint> sums, int* total, int* z)
    {
        Vector512<int> start = total is null ? Vector512.Load(z) : Vector512.Create(-*total);
        (start + (sums << 1).AsInt32()).Store(z);
    }
}

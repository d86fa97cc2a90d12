using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// The loops of <see cref="BitGemm"/> (AVX-512 VBMI): 4 rows or one by 4 tiles of 64 outputs, and one
/// row by one tile.
/// </summary>
internal static unsafe class BitMicroKernel512
{
    /// <summary>The rows of a large tile.</summary>
    public const int Rows = 4;

    /// <summary>The tiles of 64 outputs of a large tile.</summary>
    public const int Tiles = 4;

    // 8-bit sums hold 21 groups: 21 · 6 is at most 127.
    private const int WideningGroups = 21;

    /// <summary>The sums of 4 rows from <paramref name="a"/> on, and 4 tiles from <paramref name="s"/> on.</summary>
    public static void MultiplyRows(byte* a, byte* s, BitLayout layout, int* z)
    {
        sbyte* tables = BitTables.Start;
        nint row = layout.Groups, tile = row * BitLayout.TileOutputs, stride = layout.Stride;
        for (int left = layout.Groups; left > 0; left -= WideningGroups)
        {
            Vector512<sbyte> s00 = default, s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
            Vector512<sbyte> s20 = s00, s21 = s00, s22 = s00, s23 = s00, s30 = s00, s31 = s00, s32 = s00, s33 = s00;
            for (byte* end = a + Math.Min(left, WideningGroups); a < end; a++, s += BitLayout.TileOutputs)
            {
                Vector512<sbyte> i0 = Vector512.Load((sbyte*)s), i1 = Vector512.Load((sbyte*)s + tile);
                Vector512<sbyte> i2 = Vector512.Load((sbyte*)s + 2 * tile), i3 = Vector512.Load((sbyte*)s + 3 * tile);
                Vector512<sbyte> table = Vector512.Load(tables + BitTables.Length * a[0]);
                s00 += Avx512Vbmi.PermuteVar64x8(table, i0);
                s01 += Avx512Vbmi.PermuteVar64x8(table, i1);
                s02 += Avx512Vbmi.PermuteVar64x8(table, i2);
                s03 += Avx512Vbmi.PermuteVar64x8(table, i3);
                table = Vector512.Load(tables + BitTables.Length * a[row]);
                s10 += Avx512Vbmi.PermuteVar64x8(table, i0);
                s11 += Avx512Vbmi.PermuteVar64x8(table, i1);
                s12 += Avx512Vbmi.PermuteVar64x8(table, i2);
                s13 += Avx512Vbmi.PermuteVar64x8(table, i3);
                table = Vector512.Load(tables + BitTables.Length * a[2 * row]);
                s20 += Avx512Vbmi.PermuteVar64x8(table, i0);
                s21 += Avx512Vbmi.PermuteVar64x8(table, i1);
                s22 += Avx512Vbmi.PermuteVar64x8(table, i2);
                s23 += Avx512Vbmi.PermuteVar64x8(table, i3);
                table = Vector512.Load(tables + BitTables.Length * a[3 * row]);
                s30 += Avx512Vbmi.PermuteVar64x8(table, i0);
                s31 += Avx512Vbmi.PermuteVar64x8(table, i1);
                s32 += Avx512Vbmi.PermuteVar64x8(table, i2);
                s33 += Avx512Vbmi.PermuteVar64x8(table, i3);
            }

            int padding = left == layout.Groups ? layout.Padding : -1;
            Put(s00, z, padding);
            Put(s01, z + 64, padding);
            Put(s02, z + 128, padding);
            Put(s03, z + 192, padding);
            Put(s10, z + stride, padding);
            Put(s11, z + stride + 64, padding);
            Put(s12, z + stride + 128, padding);
            Put(s13, z + stride + 192, padding);
            Put(s20, z + 2 * stride, padding);
            Put(s21, z + 2 * stride + 64, padding);
            Put(s22, z + 2 * stride + 128, padding);
            Put(s23, z + 2 * stride + 192, padding);
            Put(s30, z + 3 * stride, padding);
            Put(s31, z + 3 * stride + 64, padding);
            Put(s32, z + 3 * stride + 128, padding);
            Put(s33, z + 3 * stride + 192, padding);
        }
    }

    /// <summary>The sums of one row and 4 tiles.</summary>
    public static void MultiplyRow(byte* a, byte* s, BitLayout layout, int* z)
    {
        sbyte* tables = BitTables.Start;
        nint tile = (nint)layout.Groups * BitLayout.TileOutputs;
        for (int left = layout.Groups; left > 0; left -= WideningGroups)
        {
            Vector512<sbyte> s0 = default, s1 = s0, s2 = s0, s3 = s0;
            for (byte* end = a + Math.Min(left, WideningGroups); a < end; a++, s += BitLayout.TileOutputs)
            {
                Vector512<sbyte> table = Vector512.Load(tables + BitTables.Length * *a);
                s0 += Avx512Vbmi.PermuteVar64x8(table, Vector512.Load((sbyte*)s));
                s1 += Avx512Vbmi.PermuteVar64x8(table, Vector512.Load((sbyte*)s + tile));
                s2 += Avx512Vbmi.PermuteVar64x8(table, Vector512.Load((sbyte*)s + 2 * tile));
                s3 += Avx512Vbmi.PermuteVar64x8(table, Vector512.Load((sbyte*)s + 3 * tile));
            }

            int padding = left == layout.Groups ? layout.Padding : -1;
            Put(s0, z, padding);
            Put(s1, z + 64, padding);
            Put(s2, z + 128, padding);
            Put(s3, z + 192, padding);
        }
    }

    /// <summary>The sums of one row and one tile.</summary>
    public static void MultiplyTile(byte* a, byte* s, BitLayout layout, int* z)
    {
        sbyte* tables = BitTables.Start;
        Vector512<int> z0 = Vector512.Create(-layout.Padding), z1 = z0, z2 = z0, z3 = z0;
        for (int left = layout.Groups; left > 0; left -= WideningGroups)
        {
            Vector512<sbyte> sums = default;
            for (byte* end = a + Math.Min(left, WideningGroups); a < end; a++, s += BitLayout.TileOutputs)
                sums += Avx512Vbmi.PermuteVar64x8(
                    Vector512.Load(tables + BitTables.Length * *a), Vector512.Load((sbyte*)s));
            z0 += Widen(sums.GetLower().GetLower());
            z1 += Widen(sums.GetLower().GetUpper());
            z2 += Widen(sums.GetUpper().GetLower());
            z3 += Widen(sums.GetUpper().GetUpper());
        }

        z0.Store(z);
        z1.Store(z + 16);
        z2.Store(z + 32);
        z3.Store(z + 48);
    }

    // The first block begins at minus the padding; a negative padding marks the others.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<sbyte> sums, int* z, int padding)
    {
        Put(Widen(sums.GetLower().GetLower()), z, padding);
        Put(Widen(sums.GetLower().GetUpper()), z + 16, padding);
        Put(Widen(sums.GetUpper().GetLower()), z + 32, padding);
        Put(Widen(sums.GetUpper().GetUpper()), z + 48, padding);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<int> sums, int* z, int padding) =>
        (padding < 0 ? Vector512.Load(z) + sums : sums - Vector512.Create(padding)).Store(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(Vector128<sbyte> sums) => Avx512F.ConvertToVector512Int32(sums);
}

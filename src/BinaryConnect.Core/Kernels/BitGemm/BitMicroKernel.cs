namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// The loops of <see cref="BitGemm"/>: four rows or one by several registers of outputs. They count the differences of
/// at most 255 inputs, and put or add the counts to 16-bit sums. The signs of two groups are <c>step</c> bytes apart.
/// </summary>
internal static unsafe class BitMicroKernel<TCounts, TSigns, TInputs, TLanes>
    where TCounts : struct
    where TSigns : struct
    where TInputs : struct
    where TLanes : struct, IBitLanes<TCounts, TSigns, TInputs>
{
    /// <summary>Four rows, <paramref name="row"/> apart, by four registers.</summary>
    public static void FourByFour(byte* a, nint row, byte* s, nint step, int groups, ushort* sums, int stride, bool adds)
    {
        byte* tables = BitTables.Start;
        TCounts c00 = default, c01 = c00, c02 = c00, c03 = c00, c10 = c00, c11 = c00, c12 = c00, c13 = c00;
        TCounts c20 = default, c21 = c20, c22 = c20, c23 = c20, c30 = c20, c31 = c20, c32 = c20, c33 = c20;
        for (byte* end = a + groups; a < end; a++, s += step)
        {
            TSigns s0 = TLanes.LoadSigns(s), s1 = TLanes.LoadSigns(s + TLanes.Count);
            TSigns s2 = TLanes.LoadSigns(s + 2 * TLanes.Count), s3 = TLanes.LoadSigns(s + 3 * TLanes.Count);
            TInputs x = TLanes.LoadInputs(tables, *a);
            c00 = TLanes.AddDifferences(c00, s0, x);
            c01 = TLanes.AddDifferences(c01, s1, x);
            c02 = TLanes.AddDifferences(c02, s2, x);
            c03 = TLanes.AddDifferences(c03, s3, x);
            x = TLanes.LoadInputs(tables, a[row]);
            c10 = TLanes.AddDifferences(c10, s0, x);
            c11 = TLanes.AddDifferences(c11, s1, x);
            c12 = TLanes.AddDifferences(c12, s2, x);
            c13 = TLanes.AddDifferences(c13, s3, x);
            x = TLanes.LoadInputs(tables, a[2 * row]);
            c20 = TLanes.AddDifferences(c20, s0, x);
            c21 = TLanes.AddDifferences(c21, s1, x);
            c22 = TLanes.AddDifferences(c22, s2, x);
            c23 = TLanes.AddDifferences(c23, s3, x);
            x = TLanes.LoadInputs(tables, a[3 * row]);
            c30 = TLanes.AddDifferences(c30, s0, x);
            c31 = TLanes.AddDifferences(c31, s1, x);
            c32 = TLanes.AddDifferences(c32, s2, x);
            c33 = TLanes.AddDifferences(c33, s3, x);
        }

        TLanes.Put(c00, sums, adds);
        TLanes.Put(c01, sums + TLanes.Count, adds);
        TLanes.Put(c02, sums + 2 * TLanes.Count, adds);
        TLanes.Put(c03, sums + 3 * TLanes.Count, adds);
        TLanes.Put(c10, sums + stride, adds);
        TLanes.Put(c11, sums + stride + TLanes.Count, adds);
        TLanes.Put(c12, sums + stride + 2 * TLanes.Count, adds);
        TLanes.Put(c13, sums + stride + 3 * TLanes.Count, adds);
        TLanes.Put(c20, sums + 2 * stride, adds);
        TLanes.Put(c21, sums + 2 * stride + TLanes.Count, adds);
        TLanes.Put(c22, sums + 2 * stride + 2 * TLanes.Count, adds);
        TLanes.Put(c23, sums + 2 * stride + 3 * TLanes.Count, adds);
        TLanes.Put(c30, sums + 3 * stride, adds);
        TLanes.Put(c31, sums + 3 * stride + TLanes.Count, adds);
        TLanes.Put(c32, sums + 3 * stride + 2 * TLanes.Count, adds);
        TLanes.Put(c33, sums + 3 * stride + 3 * TLanes.Count, adds);
    }

    /// <summary>Four rows by two registers, for machines with 16 of them.</summary>
    public static void FourByTwo(byte* a, nint row, byte* s, nint step, int groups, ushort* sums, int stride, bool adds)
    {
        byte* tables = BitTables.Start;
        TCounts c00 = default, c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        for (byte* end = a + groups; a < end; a++, s += step)
        {
            TSigns s0 = TLanes.LoadSigns(s), s1 = TLanes.LoadSigns(s + TLanes.Count);
            TInputs x = TLanes.LoadInputs(tables, *a);
            c00 = TLanes.AddDifferences(c00, s0, x);
            c01 = TLanes.AddDifferences(c01, s1, x);
            x = TLanes.LoadInputs(tables, a[row]);
            c10 = TLanes.AddDifferences(c10, s0, x);
            c11 = TLanes.AddDifferences(c11, s1, x);
            x = TLanes.LoadInputs(tables, a[2 * row]);
            c20 = TLanes.AddDifferences(c20, s0, x);
            c21 = TLanes.AddDifferences(c21, s1, x);
            x = TLanes.LoadInputs(tables, a[3 * row]);
            c30 = TLanes.AddDifferences(c30, s0, x);
            c31 = TLanes.AddDifferences(c31, s1, x);
        }

        TLanes.Put(c00, sums, adds);
        TLanes.Put(c01, sums + TLanes.Count, adds);
        TLanes.Put(c10, sums + stride, adds);
        TLanes.Put(c11, sums + stride + TLanes.Count, adds);
        TLanes.Put(c20, sums + 2 * stride, adds);
        TLanes.Put(c21, sums + 2 * stride + TLanes.Count, adds);
        TLanes.Put(c30, sums + 3 * stride, adds);
        TLanes.Put(c31, sums + 3 * stride + TLanes.Count, adds);
    }

    /// <summary>Four rows by one register.</summary>
    public static void FourByOne(byte* a, nint row, byte* s, nint step, int groups, ushort* sums, int stride, bool adds)
    {
        byte* tables = BitTables.Start;
        TCounts c0 = default, c1 = default, c2 = default, c3 = default;
        for (byte* end = a + groups; a < end; a++, s += step)
        {
            TSigns s0 = TLanes.LoadSigns(s);
            TInputs x = TLanes.LoadInputs(tables, *a);
            c0 = TLanes.AddDifferences(c0, s0, x);
            x = TLanes.LoadInputs(tables, a[row]);
            c1 = TLanes.AddDifferences(c1, s0, x);
            x = TLanes.LoadInputs(tables, a[2 * row]);
            c2 = TLanes.AddDifferences(c2, s0, x);
            x = TLanes.LoadInputs(tables, a[3 * row]);
            c3 = TLanes.AddDifferences(c3, s0, x);
        }

        TLanes.Put(c0, sums, adds);
        TLanes.Put(c1, sums + stride, adds);
        TLanes.Put(c2, sums + 2 * stride, adds);
        TLanes.Put(c3, sums + 3 * stride, adds);
    }

    /// <summary>One row by four registers, and by four more that are <paramref name="other"/> bytes further.</summary>
    public static void OneByEight(byte* a, byte* s, nint other, nint step, int groups, ushort* sums, bool adds)
    {
        byte* tables = BitTables.Start;
        TCounts c0 = default, c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        for (byte* end = a + groups; a < end; a++, s += step)
        {
            byte* t = s + other;
            TInputs x = TLanes.LoadInputs(tables, *a);
            c0 = TLanes.AddDifferences(c0, TLanes.LoadSigns(s), x);
            c1 = TLanes.AddDifferences(c1, TLanes.LoadSigns(s + TLanes.Count), x);
            c2 = TLanes.AddDifferences(c2, TLanes.LoadSigns(s + 2 * TLanes.Count), x);
            c3 = TLanes.AddDifferences(c3, TLanes.LoadSigns(s + 3 * TLanes.Count), x);
            c4 = TLanes.AddDifferences(c4, TLanes.LoadSigns(t), x);
            c5 = TLanes.AddDifferences(c5, TLanes.LoadSigns(t + TLanes.Count), x);
            c6 = TLanes.AddDifferences(c6, TLanes.LoadSigns(t + 2 * TLanes.Count), x);
            c7 = TLanes.AddDifferences(c7, TLanes.LoadSigns(t + 3 * TLanes.Count), x);
        }

        TLanes.Put(c0, sums, adds);
        TLanes.Put(c1, sums + TLanes.Count, adds);
        TLanes.Put(c2, sums + 2 * TLanes.Count, adds);
        TLanes.Put(c3, sums + 3 * TLanes.Count, adds);
        TLanes.Put(c4, sums + 4 * TLanes.Count, adds);
        TLanes.Put(c5, sums + 5 * TLanes.Count, adds);
        TLanes.Put(c6, sums + 6 * TLanes.Count, adds);
        TLanes.Put(c7, sums + 7 * TLanes.Count, adds);
    }
}

using System.Runtime.CompilerServices;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Gemm;

/// <summary>
/// The micro-kernel of a <see cref="FloatGemm"/>: a tile of C, MR × NR, from one panel of A and one of B. Effectively
/// c[i, j] (+)= Σ_p a[p · MR + i] · b[p · NR + j], summed in the order of p for every register width.
/// </summary>
/// <remarks>
/// NR is two registers. Each iteration loads them from B's panel, and multiplies them by MR broadcast values of A's
/// panel. All sums stay in registers. No remainder and no masks: panels are padded, and the caller handles edges of C.
/// </remarks>
internal static class GemmMicroKernel
{
    /// <summary>MR of the small tile, whose sums fit the 16 registers of older machines.</summary>
    public const int SmallRows = 6;

    /// <summary>MR of the tall tile, for the 32 registers that come with 512 bits.</summary>
    public const int MostRows = 12;

    /// <summary>The largest NR.</summary>
    public const int MostColumns = 32;

    /// <summary>MR for this register width.</summary>
    public static int Rows<TVector, TLanes>()
        where TVector : struct
        where TLanes : struct, ILanes<TVector> => TLanes.Count == MostColumns / 2 ? MostRows : SmallRows;

    /// <summary>NR: two registers.</summary>
    public static int Columns<TVector, TLanes>()
        where TVector : struct
        where TLanes : struct, ILanes<TVector> => 2 * TLanes.Count;

    /// <summary>
    /// Computes a tile of <paramref name="rows"/>, which is <see cref="SmallRows"/> or <see cref="MostRows"/>. Rows of
    /// c are <paramref name="stride"/> floats apart.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply<TVector, TLanes>(int rows, ref float a, ref float b, int inner, ref float c, int stride, bool add)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        PrefetchTile<TVector, TLanes>(rows, ref c, stride);
        if (Rows<TVector, TLanes>() == MostRows && rows == MostRows)
            Multiply12<TVector, TLanes>(ref a, ref b, inner, ref c, stride, add);
        else
            Multiply6<TVector, TLanes>(ref a, ref b, inner, ref c, stride, add);
    }

    // Prefetches the rows of C, which are far apart and not needed until the end. Else each tile would wait for them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchTile<TVector, TLanes>(int rows, ref float c, int stride)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        for (int i = 0; i < rows; i++)
        {
            ref float row = ref Unsafe.Add(ref c, i * (nint)stride);
            Prefetch.Line(ref row);
            Prefetch.Line(ref Unsafe.Add(ref row, 2 * TLanes.Count - 1));
        }
    }

    // 12 rows by 2 registers, 24 sums: l0 to l11 hold the left register of each row, r0 to r11 the right one.
    private static void Multiply12<TVector, TLanes>(ref float a, ref float b, int inner, ref float c, int stride, bool add)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        nuint next = (nuint)TLanes.Count;
        TVector l0 = TLanes.Create(0), r0 = l0, l1 = l0, r1 = l0, l2 = l0, r2 = l0;
        TVector l3 = l0, r3 = l0, l4 = l0, r4 = l0, l5 = l0, r5 = l0;
        TVector l6 = l0, r6 = l0, l7 = l0, r7 = l0, l8 = l0, r8 = l0;
        TVector l9 = l0, r9 = l0, l10 = l0, r10 = l0, l11 = l0, r11 = l0;
        for (int p = 0; p < inner; p++)
        {
            TVector left = TLanes.Load(ref b, 0), right = TLanes.Load(ref b, next), v = TLanes.Create(a);
            l0 = TLanes.MultiplyAdd(v, left, l0);
            r0 = TLanes.MultiplyAdd(v, right, r0);
            v = TLanes.Create(Unsafe.Add(ref a, 1));
            l1 = TLanes.MultiplyAdd(v, left, l1);
            r1 = TLanes.MultiplyAdd(v, right, r1);
            v = TLanes.Create(Unsafe.Add(ref a, 2));
            l2 = TLanes.MultiplyAdd(v, left, l2);
            r2 = TLanes.MultiplyAdd(v, right, r2);
            v = TLanes.Create(Unsafe.Add(ref a, 3));
            l3 = TLanes.MultiplyAdd(v, left, l3);
            r3 = TLanes.MultiplyAdd(v, right, r3);
            v = TLanes.Create(Unsafe.Add(ref a, 4));
            l4 = TLanes.MultiplyAdd(v, left, l4);
            r4 = TLanes.MultiplyAdd(v, right, r4);
            v = TLanes.Create(Unsafe.Add(ref a, 5));
            l5 = TLanes.MultiplyAdd(v, left, l5);
            r5 = TLanes.MultiplyAdd(v, right, r5);
            v = TLanes.Create(Unsafe.Add(ref a, 6));
            l6 = TLanes.MultiplyAdd(v, left, l6);
            r6 = TLanes.MultiplyAdd(v, right, r6);
            v = TLanes.Create(Unsafe.Add(ref a, 7));
            l7 = TLanes.MultiplyAdd(v, left, l7);
            r7 = TLanes.MultiplyAdd(v, right, r7);
            v = TLanes.Create(Unsafe.Add(ref a, 8));
            l8 = TLanes.MultiplyAdd(v, left, l8);
            r8 = TLanes.MultiplyAdd(v, right, r8);
            v = TLanes.Create(Unsafe.Add(ref a, 9));
            l9 = TLanes.MultiplyAdd(v, left, l9);
            r9 = TLanes.MultiplyAdd(v, right, r9);
            v = TLanes.Create(Unsafe.Add(ref a, 10));
            l10 = TLanes.MultiplyAdd(v, left, l10);
            r10 = TLanes.MultiplyAdd(v, right, r10);
            v = TLanes.Create(Unsafe.Add(ref a, 11));
            l11 = TLanes.MultiplyAdd(v, left, l11);
            r11 = TLanes.MultiplyAdd(v, right, r11);
            a = ref Unsafe.Add(ref a, 12);
            b = ref Unsafe.Add(ref b, 2 * next);
        }

        StoreRow<TVector, TLanes>(l0, r0, ref c, add);
        StoreRow<TVector, TLanes>(l1, r1, ref Unsafe.Add(ref c, (nint)stride), add);
        StoreRow<TVector, TLanes>(l2, r2, ref Unsafe.Add(ref c, 2 * (nint)stride), add);
        StoreRow<TVector, TLanes>(l3, r3, ref Unsafe.Add(ref c, 3 * (nint)stride), add);
        StoreRow<TVector, TLanes>(l4, r4, ref Unsafe.Add(ref c, 4 * (nint)stride), add);
        StoreRow<TVector, TLanes>(l5, r5, ref Unsafe.Add(ref c, 5 * (nint)stride), add);
        StoreRow<TVector, TLanes>(l6, r6, ref Unsafe.Add(ref c, 6 * (nint)stride), add);
        StoreRow<TVector, TLanes>(l7, r7, ref Unsafe.Add(ref c, 7 * (nint)stride), add);
        StoreRow<TVector, TLanes>(l8, r8, ref Unsafe.Add(ref c, 8 * (nint)stride), add);
        StoreRow<TVector, TLanes>(l9, r9, ref Unsafe.Add(ref c, 9 * (nint)stride), add);
        StoreRow<TVector, TLanes>(l10, r10, ref Unsafe.Add(ref c, 10 * (nint)stride), add);
        StoreRow<TVector, TLanes>(l11, r11, ref Unsafe.Add(ref c, 11 * (nint)stride), add);
    }

    // 6 rows by 2 registers, 12 sums: l0 to l5 hold the left register of each row, r0 to r5 the right one.
    private static void Multiply6<TVector, TLanes>(ref float a, ref float b, int inner, ref float c, int stride, bool add)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        nuint next = (nuint)TLanes.Count;
        TVector l0 = TLanes.Create(0), r0 = l0, l1 = l0, r1 = l0, l2 = l0, r2 = l0;
        TVector l3 = l0, r3 = l0, l4 = l0, r4 = l0, l5 = l0, r5 = l0;
        for (int p = 0; p < inner; p++)
        {
            TVector left = TLanes.Load(ref b, 0), right = TLanes.Load(ref b, next), v = TLanes.Create(a);
            l0 = TLanes.MultiplyAdd(v, left, l0);
            r0 = TLanes.MultiplyAdd(v, right, r0);
            v = TLanes.Create(Unsafe.Add(ref a, 1));
            l1 = TLanes.MultiplyAdd(v, left, l1);
            r1 = TLanes.MultiplyAdd(v, right, r1);
            v = TLanes.Create(Unsafe.Add(ref a, 2));
            l2 = TLanes.MultiplyAdd(v, left, l2);
            r2 = TLanes.MultiplyAdd(v, right, r2);
            v = TLanes.Create(Unsafe.Add(ref a, 3));
            l3 = TLanes.MultiplyAdd(v, left, l3);
            r3 = TLanes.MultiplyAdd(v, right, r3);
            v = TLanes.Create(Unsafe.Add(ref a, 4));
            l4 = TLanes.MultiplyAdd(v, left, l4);
            r4 = TLanes.MultiplyAdd(v, right, r4);
            v = TLanes.Create(Unsafe.Add(ref a, 5));
            l5 = TLanes.MultiplyAdd(v, left, l5);
            r5 = TLanes.MultiplyAdd(v, right, r5);
            a = ref Unsafe.Add(ref a, 6);
            b = ref Unsafe.Add(ref b, 2 * next);
        }

        StoreRow<TVector, TLanes>(l0, r0, ref c, add);
        StoreRow<TVector, TLanes>(l1, r1, ref Unsafe.Add(ref c, (nint)stride), add);
        StoreRow<TVector, TLanes>(l2, r2, ref Unsafe.Add(ref c, 2 * (nint)stride), add);
        StoreRow<TVector, TLanes>(l3, r3, ref Unsafe.Add(ref c, 3 * (nint)stride), add);
        StoreRow<TVector, TLanes>(l4, r4, ref Unsafe.Add(ref c, 4 * (nint)stride), add);
        StoreRow<TVector, TLanes>(l5, r5, ref Unsafe.Add(ref c, 5 * (nint)stride), add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<TVector, TLanes>(TVector left, TVector right, ref float c, bool add)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        nuint next = (nuint)TLanes.Count;
        if (add)
        {
            left = TLanes.Add(TLanes.Load(ref c, 0), left);
            right = TLanes.Add(TLanes.Load(ref c, next), right);
        }

        TLanes.Store(left, ref c, 0);
        TLanes.Store(right, ref c, next);
    }
}

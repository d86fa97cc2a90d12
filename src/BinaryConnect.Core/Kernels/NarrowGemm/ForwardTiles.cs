using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.NarrowGemm;

/// <summary>
/// The register tiles of X·Wᵀ. Lanes run along the inner index, with horizontal sums at the end. No masks: the
/// remainder of the inner index is added input by input. Where the shape is no multiple of the tile, the last tile
/// starts earlier, and computes a few results again.
/// </summary>
/// <remarks>
/// Tiles of two rows by ten outputs take 20 registers for sums, for machines with 32 registers; five outputs take ten.
/// </remarks>
internal static class ForwardTiles
{
    private const int TileRows = 2;
    private const int FewestOutputs = 5;
    private const int MostOutputs = 10;

    /// <summary>
    /// Effectively computes z[i, j] = Σ_k x[i, k] · w[j, k] for x [n, k], w [m, k], z [n, m]. Shapes smaller than a
    /// tile are computed as single dot products.
    /// </summary>
    public static void Multiply<TElement, TVector, TLanes, TInput>(TInput x, ReadOnlySpan<float> w, Span<float> z)
        where TElement : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TInput : struct, IInput<TElement, TVector>, allows ref struct
    {
        int inner = x.Width, rows = x.Count, outputs = w.Length / inner;
        int height = rows < TileRows || outputs < FewestOutputs ? 1 : TileRows;
        bool isWide = TLanes.Count == Vector512<float>.Count && outputs >= MostOutputs;
        int width = height == 1 ? 1 : isWide ? MostOutputs : FewestOutputs;
        ref float ws = ref MemoryMarshal.GetReference(w), zs = ref MemoryMarshal.GetReference(z);
        // A tile's weights stay in L1 for all rows.
        for (int j = 0; j < outputs; j += width)
        {
            int output = Math.Min(j, outputs - width);
            ref float weights = ref Unsafe.Add(ref ws, (nint)output * inner);
            for (int i = 0; i < rows; i += height)
            {
                int row = Math.Min(i, rows - height);
                ref TElement inputs = ref x.Start(row), next = ref x.Start(row + height - 1);
                ref float results = ref Unsafe.Add(ref zs, (nint)row * outputs + output);
                if (height == 1)
                    results = Dot<TElement, TVector, TLanes, TInput>(ref inputs, ref weights, inner);
                else if (isWide)
                    Tile10<TElement, TVector, TLanes, TInput>(ref inputs, ref next, ref weights, ref results, inner, outputs);
                else
                    Tile5<TElement, TVector, TLanes, TInput>(ref inputs, ref next, ref weights, ref results, inner, outputs);
            }
        }
    }

    /// <summary>Two rows by ten outputs: z [2, 10] from x [2, k], w [10, k].</summary>
    // Keep this out of line: inlined into its callers' loops, the sums would not get registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile10<TElement, TVector, TLanes, TInput>(
        ref TElement x, ref TElement x1, ref float w, ref float z, int inner, int outputs)
        where TElement : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TInput : struct, IInput<TElement, TVector>, allows ref struct
    {
        nint once = inner, twice = 2 * once, thrice = 3 * once, fourfold = 4 * once;
        TVector s00 = TLanes.Create(0), s01 = s00, s02 = s00, s03 = s00, s04 = s00;
        TVector s05 = s00, s06 = s00, s07 = s00, s08 = s00, s09 = s00;
        TVector s10 = s00, s11 = s00, s12 = s00, s13 = s00, s14 = s00, s15 = s00, s16 = s00, s17 = s00, s18 = s00, s19 = s00;
        nuint k = 0, end = (nuint)(inner - inner % TLanes.Count);
        for (; k < end; k += (nuint)TLanes.Count)
        {
            ref float low = ref Unsafe.Add(ref w, k), high = ref Unsafe.Add(ref low, 5 * once);
            TVector a = TInput.Load(ref x, k), b = TInput.Load(ref x1, k), v = TLanes.Load(ref low, 0);
            s00 = TLanes.MultiplyAdd(a, v, s00);
            s10 = TLanes.MultiplyAdd(b, v, s10);
            v = TLanes.Load(ref Unsafe.Add(ref low, once), 0);
            s01 = TLanes.MultiplyAdd(a, v, s01);
            s11 = TLanes.MultiplyAdd(b, v, s11);
            v = TLanes.Load(ref Unsafe.Add(ref low, twice), 0);
            s02 = TLanes.MultiplyAdd(a, v, s02);
            s12 = TLanes.MultiplyAdd(b, v, s12);
            v = TLanes.Load(ref Unsafe.Add(ref low, thrice), 0);
            s03 = TLanes.MultiplyAdd(a, v, s03);
            s13 = TLanes.MultiplyAdd(b, v, s13);
            v = TLanes.Load(ref Unsafe.Add(ref low, fourfold), 0);
            s04 = TLanes.MultiplyAdd(a, v, s04);
            s14 = TLanes.MultiplyAdd(b, v, s14);
            v = TLanes.Load(ref high, 0);
            s05 = TLanes.MultiplyAdd(a, v, s05);
            s15 = TLanes.MultiplyAdd(b, v, s15);
            v = TLanes.Load(ref Unsafe.Add(ref high, once), 0);
            s06 = TLanes.MultiplyAdd(a, v, s06);
            s16 = TLanes.MultiplyAdd(b, v, s16);
            v = TLanes.Load(ref Unsafe.Add(ref high, twice), 0);
            s07 = TLanes.MultiplyAdd(a, v, s07);
            s17 = TLanes.MultiplyAdd(b, v, s17);
            v = TLanes.Load(ref Unsafe.Add(ref high, thrice), 0);
            s08 = TLanes.MultiplyAdd(a, v, s08);
            s18 = TLanes.MultiplyAdd(b, v, s18);
            v = TLanes.Load(ref Unsafe.Add(ref high, fourfold), 0);
            s09 = TLanes.MultiplyAdd(a, v, s09);
            s19 = TLanes.MultiplyAdd(b, v, s19);
        }

        ref float z1 = ref Unsafe.Add(ref z, outputs);
        TLanes.SumFour(s00, s01, s02, s03).StoreUnsafe(ref z);
        TLanes.SumFour(s04, s05, s06, s07).StoreUnsafe(ref z, 4);
        TLanes.SumFour(s10, s11, s12, s13).StoreUnsafe(ref z1);
        TLanes.SumFour(s14, s15, s16, s17).StoreUnsafe(ref z1, 4);
        Vector128<float> last = TLanes.SumFour(s08, s09, s18, s19);
        Unsafe.Add(ref z, 8) = last[0];
        Unsafe.Add(ref z, 9) = last[1];
        Unsafe.Add(ref z1, 8) = last[2];
        Unsafe.Add(ref z1, 9) = last[3];
        AddTails<TElement, TVector, TLanes, TInput>(ref x, ref w, ref z, k, inner, MostOutputs);
        AddTails<TElement, TVector, TLanes, TInput>(ref x1, ref w, ref z1, k, inner, MostOutputs);
    }

    /// <summary>Two rows by five outputs: z [2, 5] from x [2, k], w [5, k].</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile5<TElement, TVector, TLanes, TInput>(
        ref TElement x, ref TElement x1, ref float w, ref float z, int inner, int outputs)
        where TElement : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TInput : struct, IInput<TElement, TVector>, allows ref struct
    {
        ref float w1 = ref Unsafe.Add(ref w, inner);
        ref float w2 = ref Unsafe.Add(ref w1, inner);
        ref float w3 = ref Unsafe.Add(ref w2, inner);
        ref float w4 = ref Unsafe.Add(ref w3, inner);
        TVector s00 = TLanes.Create(0), s01 = s00, s02 = s00, s03 = s00, s04 = s00;
        TVector s10 = s00, s11 = s00, s12 = s00, s13 = s00, s14 = s00;
        nuint k = 0, end = (nuint)(inner - inner % TLanes.Count);
        for (; k < end; k += (nuint)TLanes.Count)
        {
            TVector a = TInput.Load(ref x, k), b = TInput.Load(ref x1, k), v = TLanes.Load(ref w, k);
            s00 = TLanes.MultiplyAdd(a, v, s00);
            s10 = TLanes.MultiplyAdd(b, v, s10);
            v = TLanes.Load(ref w1, k);
            s01 = TLanes.MultiplyAdd(a, v, s01);
            s11 = TLanes.MultiplyAdd(b, v, s11);
            v = TLanes.Load(ref w2, k);
            s02 = TLanes.MultiplyAdd(a, v, s02);
            s12 = TLanes.MultiplyAdd(b, v, s12);
            v = TLanes.Load(ref w3, k);
            s03 = TLanes.MultiplyAdd(a, v, s03);
            s13 = TLanes.MultiplyAdd(b, v, s13);
            v = TLanes.Load(ref w4, k);
            s04 = TLanes.MultiplyAdd(a, v, s04);
            s14 = TLanes.MultiplyAdd(b, v, s14);
        }

        ref float z1 = ref Unsafe.Add(ref z, outputs);
        TLanes.SumFour(s00, s01, s02, s03).StoreUnsafe(ref z);
        TLanes.SumFour(s10, s11, s12, s13).StoreUnsafe(ref z1);
        Unsafe.Add(ref z, 4) = TLanes.Sum(s04);
        Unsafe.Add(ref z1, 4) = TLanes.Sum(s14);
        AddTails<TElement, TVector, TLanes, TInput>(ref x, ref w, ref z, k, inner, FewestOutputs);
        AddTails<TElement, TVector, TLanes, TInput>(ref x1, ref w, ref z1, k, inner, FewestOutputs);
    }

    // Adds the remainder of a row, the inputs from 'from' on, to the sums of all outputs of a tile.
    private static void AddTails<TElement, TVector, TLanes, TInput>(
        ref TElement x, ref float w, ref float z, nuint from, int inner, int outputs)
        where TElement : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TInput : struct, IInput<TElement, TVector>, allows ref struct
    {
        for (int j = 0; j < outputs && from < (nuint)inner; j++)
        {
            Unsafe.Add(ref z, j) += Tail<TElement, TVector, TLanes, TInput>(
                ref x, ref Unsafe.Add(ref w, (nint)j * inner), from, inner);
        }
    }

    private static float Dot<TElement, TVector, TLanes, TInput>(ref TElement x, ref float w, int inner)
        where TElement : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TInput : struct, IInput<TElement, TVector>, allows ref struct
    {
        TVector even = TLanes.Create(0), odd = even;
        nuint k = 0, pair = 2 * (nuint)TLanes.Count, end = (nuint)inner - (nuint)inner % pair;
        for (; k < end; k += pair)
        {
            nuint next = k + (nuint)TLanes.Count;
            even = TLanes.MultiplyAdd(TInput.Load(ref x, k), TLanes.Load(ref w, k), even);
            odd = TLanes.MultiplyAdd(TInput.Load(ref x, next), TLanes.Load(ref w, next), odd);
        }

        return TLanes.Sum(TLanes.Add(even, odd)) + Tail<TElement, TVector, TLanes, TInput>(ref x, ref w, k, inner);
    }

    private static float Tail<TElement, TVector, TLanes, TInput>(ref TElement x, ref float w, nuint from, int inner)
        where TElement : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TInput : struct, IInput<TElement, TVector>, allows ref struct
    {
        float sum = 0;
        for (nuint k = from; k < (nuint)inner; k++) sum += TInput.ToFloat(Unsafe.Add(ref x, k)) * Unsafe.Add(ref w, k);
        return sum;
    }
}

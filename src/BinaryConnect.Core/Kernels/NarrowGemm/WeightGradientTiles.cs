using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.NarrowGemm;

/// <summary>
/// The register tiles of Gᵀ·X. Lanes run along the inputs, two registers of them, and sums run down the rows without
/// horizontal sums. No masks: where the shape is no multiple of the tile, the last tile starts earlier, and computes a
/// few results again.
/// </summary>
/// <remarks>
/// Ten outputs take 20 registers for sums, for machines with 32 registers; five outputs take ten. An iteration takes
/// two rows, which halves the overhead of the loop.
/// </remarks>
internal static class WeightGradientTiles
{
    private const int FewestOutputs = 5;
    private const int MostOutputs = 10;

    /// <summary>
    /// Effectively computes d[j, k] = scale · Σ_i g[i, j] · x[i, k] for g [n, m], x [n, k], d [m, k] and the inputs k
    /// from <paramref name="start"/> up to <paramref name="end"/>. Shapes smaller than a tile are summed row by row.
    /// Tiles meanwhile copy the rows of the next batch, <paramref name="ahead"/>.
    /// </summary>
    public static void Multiply<TElement, TVector, TLanes, TInput>(
        ReadOnlySpan<float> g, TInput x, Span<float> d, float scale, int start, int end, NextBatchRows ahead)
        where TElement : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TInput : struct, IInput<TElement, TVector>, allows ref struct
    {
        int inner = x.Width, outputs = d.Length / inner, width = 2 * TLanes.Count;
        if (outputs < FewestOutputs || end - start < width)
        {
            AddRows<TElement, TVector, TLanes, TInput>(g, x, d, scale, start, end);
            return;
        }

        bool isWide = TLanes.Count == Vector512<float>.Count && outputs >= MostOutputs;
        int height = isWide ? MostOutputs : FewestOutputs;
        long tiles = (long)((end - start + width - 1) / width) * ((outputs + height - 1) / height);
        var lines = new RowPrefetcher(ahead, tiles * (x.Count / 2));
        ref float gs = ref MemoryMarshal.GetReference(g), ds = ref MemoryMarshal.GetReference(d);
        for (int k = start; k < end; k += width)
        {
            int column = Math.Min(k, end - width);
            lines.KeepUp(k - start, end - start);
            for (int j = 0; j < outputs; j += height)
            {
                int output = Math.Min(j, outputs - height);
                ref float tile = ref Unsafe.Add(ref ds, (nint)output * inner + column);
                ref float factors = ref Unsafe.Add(ref gs, output);
                if (isWide)
                    Tile10<TElement, TVector, TLanes, TInput>(ref factors, x, column, ref tile, outputs, scale, ref lines);
                else
                    Tile5<TElement, TVector, TLanes, TInput>(ref factors, x, column, ref tile, outputs, scale, ref lines);
            }
        }

        lines.Finish();
    }

    /// <summary>Ten outputs by two registers of inputs.</summary>
    // Keep this out of line: inlined into its callers' loops, the sums would not get registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile10<TElement, TVector, TLanes, TInput>(
        ref float g, TInput x, int column, ref float d, int outputs, float scale, ref RowPrefetcher ahead)
        where TElement : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TInput : struct, IInput<TElement, TVector>, allows ref struct
    {
        nuint next = (nuint)TLanes.Count;
        TVector s00 = TLanes.Create(0), s01 = s00, s02 = s00, s03 = s00, s04 = s00;
        TVector s05 = s00, s06 = s00, s07 = s00, s08 = s00, s09 = s00;
        TVector s10 = s00, s11 = s00, s12 = s00, s13 = s00, s14 = s00, s15 = s00, s16 = s00, s17 = s00, s18 = s00, s19 = s00;
        int count = x.Count, i = 0;
        ref TElement first = ref Unsafe.Add(ref x.Start(0), column);
        nint row = 0, stride = x.Stride;
        for (; i <= count - 2; i += 2)
        {
            ref TElement inputs = ref Unsafe.Add(ref first, row);
            row += stride;
            ref TElement below = ref Unsafe.Add(ref first, row);
            row += stride;
            TVector a = TInput.Load(ref inputs, 0), b = TInput.Load(ref inputs, next);
            AddFive<TVector, TLanes>(
                a, b, ref g, ref s00, ref s01, ref s02, ref s03, ref s04, ref s10, ref s11, ref s12, ref s13, ref s14);
            AddFive<TVector, TLanes>(
                a, b, ref Unsafe.Add(ref g, FewestOutputs),
                ref s05, ref s06, ref s07, ref s08, ref s09, ref s15, ref s16, ref s17, ref s18, ref s19);
            g = ref Unsafe.Add(ref g, outputs);
            a = TInput.Load(ref below, 0);
            b = TInput.Load(ref below, next);
            AddFive<TVector, TLanes>(
                a, b, ref g, ref s00, ref s01, ref s02, ref s03, ref s04, ref s10, ref s11, ref s12, ref s13, ref s14);
            AddFive<TVector, TLanes>(
                a, b, ref Unsafe.Add(ref g, FewestOutputs),
                ref s05, ref s06, ref s07, ref s08, ref s09, ref s15, ref s16, ref s17, ref s18, ref s19);
            g = ref Unsafe.Add(ref g, outputs);
            ahead.Step(i >> 1);
        }

        if (i < count)
        {
            ref TElement inputs = ref Unsafe.Add(ref first, row);
            TVector a = TInput.Load(ref inputs, 0), b = TInput.Load(ref inputs, next);
            AddFive<TVector, TLanes>(
                a, b, ref g, ref s00, ref s01, ref s02, ref s03, ref s04, ref s10, ref s11, ref s12, ref s13, ref s14);
            AddFive<TVector, TLanes>(
                a, b, ref Unsafe.Add(ref g, FewestOutputs),
                ref s05, ref s06, ref s07, ref s08, ref s09, ref s15, ref s16, ref s17, ref s18, ref s19);
        }

        int inner = x.Width;
        TVector factor = TLanes.Create(scale);
        Store<TVector, TLanes>(s00, s10, factor, ref d);
        Store<TVector, TLanes>(s01, s11, factor, ref Unsafe.Add(ref d, inner));
        Store<TVector, TLanes>(s02, s12, factor, ref Unsafe.Add(ref d, 2 * (nint)inner));
        Store<TVector, TLanes>(s03, s13, factor, ref Unsafe.Add(ref d, 3 * (nint)inner));
        Store<TVector, TLanes>(s04, s14, factor, ref Unsafe.Add(ref d, 4 * (nint)inner));
        Store<TVector, TLanes>(s05, s15, factor, ref Unsafe.Add(ref d, 5 * (nint)inner));
        Store<TVector, TLanes>(s06, s16, factor, ref Unsafe.Add(ref d, 6 * (nint)inner));
        Store<TVector, TLanes>(s07, s17, factor, ref Unsafe.Add(ref d, 7 * (nint)inner));
        Store<TVector, TLanes>(s08, s18, factor, ref Unsafe.Add(ref d, 8 * (nint)inner));
        Store<TVector, TLanes>(s09, s19, factor, ref Unsafe.Add(ref d, 9 * (nint)inner));
    }

    /// <summary>Five outputs by two registers of inputs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile5<TElement, TVector, TLanes, TInput>(
        ref float g, TInput x, int column, ref float d, int outputs, float scale, ref RowPrefetcher ahead)
        where TElement : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TInput : struct, IInput<TElement, TVector>, allows ref struct
    {
        nuint next = (nuint)TLanes.Count;
        TVector s00 = TLanes.Create(0), s01 = s00, s02 = s00, s03 = s00, s04 = s00;
        TVector s10 = s00, s11 = s00, s12 = s00, s13 = s00, s14 = s00;
        int count = x.Count, i = 0;
        ref TElement first = ref Unsafe.Add(ref x.Start(0), column);
        nint row = 0, stride = x.Stride;
        for (; i <= count - 2; i += 2)
        {
            ref TElement inputs = ref Unsafe.Add(ref first, row);
            row += stride;
            ref TElement below = ref Unsafe.Add(ref first, row);
            row += stride;
            TVector a = TInput.Load(ref inputs, 0), b = TInput.Load(ref inputs, next);
            AddFive<TVector, TLanes>(
                a, b, ref g, ref s00, ref s01, ref s02, ref s03, ref s04, ref s10, ref s11, ref s12, ref s13, ref s14);
            g = ref Unsafe.Add(ref g, outputs);
            a = TInput.Load(ref below, 0);
            b = TInput.Load(ref below, next);
            AddFive<TVector, TLanes>(
                a, b, ref g, ref s00, ref s01, ref s02, ref s03, ref s04, ref s10, ref s11, ref s12, ref s13, ref s14);
            g = ref Unsafe.Add(ref g, outputs);
            ahead.Step(i >> 1);
        }

        if (i < count)
        {
            ref TElement inputs = ref Unsafe.Add(ref first, row);
            TVector a = TInput.Load(ref inputs, 0), b = TInput.Load(ref inputs, next);
            AddFive<TVector, TLanes>(
                a, b, ref g, ref s00, ref s01, ref s02, ref s03, ref s04, ref s10, ref s11, ref s12, ref s13, ref s14);
        }

        int inner = x.Width;
        TVector factor = TLanes.Create(scale);
        Store<TVector, TLanes>(s00, s10, factor, ref d);
        Store<TVector, TLanes>(s01, s11, factor, ref Unsafe.Add(ref d, inner));
        Store<TVector, TLanes>(s02, s12, factor, ref Unsafe.Add(ref d, 2 * (nint)inner));
        Store<TVector, TLanes>(s03, s13, factor, ref Unsafe.Add(ref d, 3 * (nint)inner));
        Store<TVector, TLanes>(s04, s14, factor, ref Unsafe.Add(ref d, 4 * (nint)inner));
    }

    // Adds g[j] · x[k] of one row to five outputs: s0j for the left register of inputs (a), s1j for the right one (b).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFive<TVector, TLanes>(
        TVector a, TVector b, ref float g,
        ref TVector s00, ref TVector s01, ref TVector s02, ref TVector s03, ref TVector s04,
        ref TVector s10, ref TVector s11, ref TVector s12, ref TVector s13, ref TVector s14)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        TVector v = TLanes.Create(g);
        s00 = TLanes.MultiplyAdd(a, v, s00);
        s10 = TLanes.MultiplyAdd(b, v, s10);
        v = TLanes.Create(Unsafe.Add(ref g, 1));
        s01 = TLanes.MultiplyAdd(a, v, s01);
        s11 = TLanes.MultiplyAdd(b, v, s11);
        v = TLanes.Create(Unsafe.Add(ref g, 2));
        s02 = TLanes.MultiplyAdd(a, v, s02);
        s12 = TLanes.MultiplyAdd(b, v, s12);
        v = TLanes.Create(Unsafe.Add(ref g, 3));
        s03 = TLanes.MultiplyAdd(a, v, s03);
        s13 = TLanes.MultiplyAdd(b, v, s13);
        v = TLanes.Create(Unsafe.Add(ref g, 4));
        s04 = TLanes.MultiplyAdd(a, v, s04);
        s14 = TLanes.MultiplyAdd(b, v, s14);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVector, TLanes>(TVector first, TVector second, TVector factor, ref float destination)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        TLanes.Store(TLanes.Multiply(first, factor), ref destination, 0);
        TLanes.Store(TLanes.Multiply(second, factor), ref destination, (nuint)TLanes.Count);
    }

    private static void AddRows<TElement, TVector, TLanes, TInput>(
        ReadOnlySpan<float> g, TInput x, Span<float> d, float scale, int start, int end)
        where TElement : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TInput : struct, IInput<TElement, TVector>, allows ref struct
    {
        int inner = x.Width, outputs = d.Length / inner, whole = end - (end - start) % TLanes.Count;
        for (int j = 0; j < outputs; j++)
        {
            Span<float> sums = d.Slice(j * inner, inner);
            sums[start..end].Clear();
            ref float sum = ref MemoryMarshal.GetReference(sums);
            for (int i = 0; i < x.Count; i++)
            {
                ref TElement inputs = ref x.Start(i);
                float factor = scale * g[i * outputs + j];
                TVector factors = TLanes.Create(factor);
                for (int k = start; k < whole; k += TLanes.Count)
                {
                    TVector product = TLanes.MultiplyAdd(
                        TInput.Load(ref inputs, (nuint)k), factors, TLanes.Load(ref sum, (nuint)k));
                    TLanes.Store(product, ref sum, (nuint)k);
                }

                for (int k = whole; k < end; k++) sums[k] += factor * TInput.ToFloat(Unsafe.Add(ref inputs, k));
            }
        }
    }
}

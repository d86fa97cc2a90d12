using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels;

/// <summary>
/// The register tiles of X·Wᵀ: lanes run along the inner index and are summed at the end; what is left of it is added one by
/// one. Two rows by five outputs take ten registers for sums, which 16-register machines have.
/// </summary>
internal static class DotTiles
{
    private const int TileRows = 2;
    private const int TileOutputs = 5;

    /// <summary>
    /// Effectively computes z[i, j] = Σ_k x[i, k] · w[j, k] for x [n, k], w [m, k], z [n, m]. Where the shape is no multiple of
    /// the tile, the last tile steps back and computes a few results twice; shapes smaller than it go dot by dot.
    /// </summary>
    public static void Multiply<TElement, TVector, TLanes, TInput>(TInput x, ReadOnlySpan<float> w, Span<float> z)
        where TElement : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TInput : struct, IInput<TElement, TVector>, allows ref struct
    {
        int inner = x.Width, rows = x.Count, outputs = w.Length / inner;
        int height = rows < TileRows || outputs < TileOutputs ? 1 : TileRows, width = height == 1 ? 1 : TileOutputs;
        ref float ws = ref MemoryMarshal.GetReference(w), zs = ref MemoryMarshal.GetReference(z);
        for (int i = 0; i < rows; i += height)
        {
            int row = Math.Min(i, rows - height);
            ref TElement inputs = ref x.Start(row), next = ref x.Start(row + height - 1);
            for (int j = 0; j < outputs; j += width)
            {
                int output = Math.Min(j, outputs - width);
                ref float weights = ref Unsafe.Add(ref ws, (nint)output * inner);
                ref float results = ref Unsafe.Add(ref zs, (nint)row * outputs + output);
                if (height == 1) results = Dot<TElement, TVector, TLanes, TInput>(ref inputs, ref weights, inner);
                else Tile<TElement, TVector, TLanes, TInput>(ref inputs, ref next, ref weights, ref results, inner, outputs);
            }
        }
    }

    private static void Tile<TElement, TVector, TLanes, TInput>(
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
        StoreSums(TLanes.Fold(s00), TLanes.Fold(s01), TLanes.Fold(s02), TLanes.Fold(s03), TLanes.Fold(s04), ref z);
        StoreSums(TLanes.Fold(s10), TLanes.Fold(s11), TLanes.Fold(s12), TLanes.Fold(s13), TLanes.Fold(s14), ref z1);
        if (k == (nuint)inner) return;

        z += Tail<TElement, TVector, TLanes, TInput>(ref x, ref w, k, inner);
        Unsafe.Add(ref z, 1) += Tail<TElement, TVector, TLanes, TInput>(ref x, ref w1, k, inner);
        Unsafe.Add(ref z, 2) += Tail<TElement, TVector, TLanes, TInput>(ref x, ref w2, k, inner);
        Unsafe.Add(ref z, 3) += Tail<TElement, TVector, TLanes, TInput>(ref x, ref w3, k, inner);
        Unsafe.Add(ref z, 4) += Tail<TElement, TVector, TLanes, TInput>(ref x, ref w4, k, inner);
        z1 += Tail<TElement, TVector, TLanes, TInput>(ref x1, ref w, k, inner);
        Unsafe.Add(ref z1, 1) += Tail<TElement, TVector, TLanes, TInput>(ref x1, ref w1, k, inner);
        Unsafe.Add(ref z1, 2) += Tail<TElement, TVector, TLanes, TInput>(ref x1, ref w2, k, inner);
        Unsafe.Add(ref z1, 3) += Tail<TElement, TVector, TLanes, TInput>(ref x1, ref w3, k, inner);
        Unsafe.Add(ref z1, 4) += Tail<TElement, TVector, TLanes, TInput>(ref x1, ref w4, k, inner);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSums(
        Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d, Vector128<float> e, ref float z)
    {
        LaneSums.Four(a, b, c, d).StoreUnsafe(ref z);
        Unsafe.Add(ref z, 4) = Vector128.Sum(e);
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

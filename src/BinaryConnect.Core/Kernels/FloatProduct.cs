using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels;

/// <summary>
/// The two float matrix products of a dense layer whose weights are stored [outputs, inputs]. A tile keeps 10 sums in
/// registers; where the shape is no multiple of the tile, the last tile steps back and computes a few results twice.
/// </summary>
internal static class FloatProduct
{
    private const int TileRows = 2;
    private const int TileOutputs = 5;

    /// <summary>Effectively computes z[i, j] = Σ_k x[i, k] · w[j, k] for x [n, k], w [m, k], z [n, m]; z overlaps neither.</summary>
    public static void MultiplyTransposed(ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> z, int inner)
    {
        if (Vector512.IsHardwareAccelerated) MultiplyTransposed<Vector512<float>, Lanes512>(x, w, z, inner);
        else if (Vector256.IsHardwareAccelerated) MultiplyTransposed<Vector256<float>, Lanes256>(x, w, z, inner);
        else if (Vector128.IsHardwareAccelerated) MultiplyTransposed<Vector128<float>, Lanes128>(x, w, z, inner);
        else MultiplyTransposedScalar(x, w, z, inner);
    }

    /// <summary>Effectively computes d[j, k] = Σ_i g[i, j] · x[i, k] for g [n, m], x [n, k], d [m, k]; d overlaps neither.</summary>
    public static void TransposeMultiply(ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner)
    {
        if (Vector512.IsHardwareAccelerated) TransposeMultiply<Vector512<float>, Lanes512>(g, x, d, inner);
        else if (Vector256.IsHardwareAccelerated) TransposeMultiply<Vector256<float>, Lanes256>(g, x, d, inner);
        else if (Vector128.IsHardwareAccelerated) TransposeMultiply<Vector128<float>, Lanes128>(g, x, d, inner);
        else TransposeMultiplyScalar(g, x, d, inner);
    }

    /// <summary>The definition of <see cref="MultiplyTransposed(ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, int)"/>.</summary>
    public static void MultiplyTransposedScalar(ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> z, int inner)
    {
        int rows = x.Length / inner, outputs = w.Length / inner;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < outputs; j++)
            {
                float sum = 0;
                for (int k = 0; k < inner; k++) sum += x[i * inner + k] * w[j * inner + k];
                z[i * outputs + j] = sum;
            }
        }
    }

    /// <summary>The definition of <see cref="TransposeMultiply(ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, int)"/>.</summary>
    public static void TransposeMultiplyScalar(ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner)
    {
        int rows = x.Length / inner, outputs = d.Length / inner;
        for (int j = 0; j < outputs; j++)
        {
            for (int k = 0; k < inner; k++)
            {
                float sum = 0;
                for (int i = 0; i < rows; i++) sum += g[i * outputs + j] * x[i * inner + k];
                d[j * inner + k] = sum;
            }
        }
    }

    public static void MultiplyTransposed<TVector, TLanes>(ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> z, int inner)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        int rows = x.Length / inner, outputs = w.Length / inner;
        if (rows < TileRows || outputs < TileOutputs)
        {
            MultiplyTransposedByDots(x, w, z, inner);
            return;
        }

        ref float xs = ref MemoryMarshal.GetReference(x), ws = ref MemoryMarshal.GetReference(w), zs = ref MemoryMarshal.GetReference(z);
        for (int i = 0; i < rows; i += TileRows)
        {
            int row = Math.Min(i, rows - TileRows);
            for (int j = 0; j < outputs; j += TileOutputs)
            {
                int output = Math.Min(j, outputs - TileOutputs);
                DotTile<TVector, TLanes>(
                    ref Unsafe.Add(ref xs, (nint)row * inner),
                    ref Unsafe.Add(ref ws, (nint)output * inner),
                    ref Unsafe.Add(ref zs, (nint)row * outputs + output),
                    inner,
                    outputs);
            }
        }
    }

    public static void TransposeMultiply<TVector, TLanes>(ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        int rows = x.Length / inner, outputs = d.Length / inner, width = 2 * TLanes.Count;
        if (outputs < TileOutputs || inner < width)
        {
            TransposeMultiplyByRows(g, x, d, inner);
            return;
        }

        ref float gs = ref MemoryMarshal.GetReference(g), xs = ref MemoryMarshal.GetReference(x), ds = ref MemoryMarshal.GetReference(d);
        for (int k = 0; k < inner; k += width)
        {
            int column = Math.Min(k, inner - width);
            for (int j = 0; j < outputs; j += TileOutputs)
            {
                int output = Math.Min(j, outputs - TileOutputs);
                OuterTile<TVector, TLanes>(
                    ref Unsafe.Add(ref gs, output),
                    ref Unsafe.Add(ref xs, column),
                    ref Unsafe.Add(ref ds, (nint)output * inner + column),
                    rows,
                    inner,
                    outputs);
            }
        }
    }

    // 2 rows by 5 outputs: lanes run along the inner index and are summed at the end; what is left of it is added one by one.
    private static void DotTile<TVector, TLanes>(ref float x, ref float w, ref float z, int inner, int outputs)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        ref float x1 = ref Unsafe.Add(ref x, inner);
        ref float w1 = ref Unsafe.Add(ref w, inner);
        ref float w2 = ref Unsafe.Add(ref w1, inner);
        ref float w3 = ref Unsafe.Add(ref w2, inner);
        ref float w4 = ref Unsafe.Add(ref w3, inner);
        TVector s00 = TLanes.Create(0), s01 = s00, s02 = s00, s03 = s00, s04 = s00;
        TVector s10 = s00, s11 = s00, s12 = s00, s13 = s00, s14 = s00;
        nuint k = 0, end = (nuint)(inner - inner % TLanes.Count);
        for (; k < end; k += (nuint)TLanes.Count)
        {
            TVector a = TLanes.Load(ref x, k), b = TLanes.Load(ref x1, k);
            TVector v = TLanes.Load(ref w, k);
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
        z = TLanes.Sum(s00) + DotTail(ref x, ref w, k, inner);
        Unsafe.Add(ref z, 1) = TLanes.Sum(s01) + DotTail(ref x, ref w1, k, inner);
        Unsafe.Add(ref z, 2) = TLanes.Sum(s02) + DotTail(ref x, ref w2, k, inner);
        Unsafe.Add(ref z, 3) = TLanes.Sum(s03) + DotTail(ref x, ref w3, k, inner);
        Unsafe.Add(ref z, 4) = TLanes.Sum(s04) + DotTail(ref x, ref w4, k, inner);
        z1 = TLanes.Sum(s10) + DotTail(ref x1, ref w, k, inner);
        Unsafe.Add(ref z1, 1) = TLanes.Sum(s11) + DotTail(ref x1, ref w1, k, inner);
        Unsafe.Add(ref z1, 2) = TLanes.Sum(s12) + DotTail(ref x1, ref w2, k, inner);
        Unsafe.Add(ref z1, 3) = TLanes.Sum(s13) + DotTail(ref x1, ref w3, k, inner);
        Unsafe.Add(ref z1, 4) = TLanes.Sum(s14) + DotTail(ref x1, ref w4, k, inner);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float DotTail(ref float x, ref float w, nuint from, int inner)
    {
        float sum = 0;
        for (nuint k = from; k < (nuint)inner; k++) sum += Unsafe.Add(ref x, k) * Unsafe.Add(ref w, k);
        return sum;
    }

    // 5 outputs by 2 registers of inputs: lanes run along the inner index, the sum runs down the rows.
    private static void OuterTile<TVector, TLanes>(ref float g, ref float x, ref float d, int rows, int inner, int outputs)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        nuint next = (nuint)TLanes.Count;
        TVector s00 = TLanes.Create(0), s01 = s00, s02 = s00, s03 = s00, s04 = s00;
        TVector s10 = s00, s11 = s00, s12 = s00, s13 = s00, s14 = s00;
        for (int i = 0; i < rows; i++)
        {
            TVector a = TLanes.Load(ref x, 0), b = TLanes.Load(ref x, next);
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
            x = ref Unsafe.Add(ref x, inner);
            g = ref Unsafe.Add(ref g, outputs);
        }

        StorePair<TVector, TLanes>(s00, s10, ref d);
        StorePair<TVector, TLanes>(s01, s11, ref Unsafe.Add(ref d, inner));
        StorePair<TVector, TLanes>(s02, s12, ref Unsafe.Add(ref d, 2 * (nint)inner));
        StorePair<TVector, TLanes>(s03, s13, ref Unsafe.Add(ref d, 3 * (nint)inner));
        StorePair<TVector, TLanes>(s04, s14, ref Unsafe.Add(ref d, 4 * (nint)inner));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair<TVector, TLanes>(TVector first, TVector second, ref float destination)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        TLanes.Store(first, ref destination, 0);
        TLanes.Store(second, ref destination, (nuint)TLanes.Count);
    }

    // For shapes smaller than a tile, a single row to predict among them.
    private static void MultiplyTransposedByDots(ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> z, int inner)
    {
        int rows = x.Length / inner, outputs = w.Length / inner;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < outputs; j++)
            {
                z[i * outputs + j] = TensorPrimitives.Dot(x.Slice(i * inner, inner), w.Slice(j * inner, inner));
            }
        }
    }

    private static void TransposeMultiplyByRows(ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner)
    {
        int rows = x.Length / inner, outputs = d.Length / inner;
        d.Clear();
        for (int j = 0; j < outputs; j++)
        {
            Span<float> sum = d.Slice(j * inner, inner);
            for (int i = 0; i < rows; i++) TensorPrimitives.MultiplyAdd(x.Slice(i * inner, inner), g[i * outputs + j], sum, sum);
        }
    }
}

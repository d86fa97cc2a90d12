using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.NarrowGemm;

/// <summary>
/// The products of a dense layer with few outputs, in float arithmetic: X·Wᵀ for weights [outputs, inputs], and Gᵀ·X
/// for their gradient. Inputs may be bytes, which widen in registers, not in memory.
/// </summary>
internal static class NarrowGemm
{
    /// <summary>
    /// The fewest inputs, or rows, of a part whose results have the bits of the whole: a tile of the widest registers.
    /// </summary>
    public const int LeastColumns = 32;

    /// <summary>
    /// Effectively computes z[i, j] = Σ_k x[i, k] · w[j, k] for x [n, k], w [m, k], z [n, m]. z overlaps neither.
    /// </summary>
    public static void MultiplyTransposed(ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> z, int inner)
    {
        if (Vector512.IsHardwareAccelerated) MultiplyTransposed<Vector512<float>, Lanes512>(x, w, z, inner);
        else if (Vector256.IsHardwareAccelerated) MultiplyTransposed<Vector256<float>, Lanes256>(x, w, z, inner);
        else if (Vector128.IsHardwareAccelerated) MultiplyTransposed<Vector128<float>, Lanes128>(x, w, z, inner);
        else MultiplyTransposedScalar(x, w, z, inner);
    }

    /// <summary>The same for inputs stored as bytes.</summary>
    public static void MultiplyTransposed(ByteRows x, ReadOnlySpan<float> w, Span<float> z)
    {
        if (Vector512.IsHardwareAccelerated) MultiplyTransposed<Vector512<float>, Lanes512>(x, w, z);
        else if (Vector256.IsHardwareAccelerated) MultiplyTransposed<Vector256<float>, Lanes256>(x, w, z);
        else MultiplyTransposed<Vector128<float>, Lanes128>(x, w, z);
    }

    /// <summary>
    /// Effectively computes d[j, k] = Σ_i g[i, j] · x[i, k] for g [n, m], x [n, k], d [m, k]. d overlaps neither.
    /// </summary>
    public static void TransposeMultiply(ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner) =>
        TransposeMultiply(g, x, d, inner, 0, inner);

    /// <summary>
    /// The same for the inputs k from <paramref name="start"/> up to <paramref name="end"/> only; the rest of d is left
    /// alone. A result has the same bits for every range of at least <see cref="LeastColumns"/> inputs.
    /// </summary>
    public static void TransposeMultiply(
        ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner, int start, int end)
    {
        if (Vector512.IsHardwareAccelerated) TransposeMultiply<Vector512<float>, Lanes512>(g, x, d, inner, start, end);
        else if (Vector256.IsHardwareAccelerated) TransposeMultiply<Vector256<float>, Lanes256>(g, x, d, inner, start, end);
        else if (Vector128.IsHardwareAccelerated) TransposeMultiply<Vector128<float>, Lanes128>(g, x, d, inner, start, end);
        else TransposeMultiplyScalar(g, x, d, inner, start, end);
    }

    /// <summary>
    /// The same for inputs stored as bytes, times <paramref name="scale"/>. Meanwhile it copies the rows of the next
    /// batch, <paramref name="ahead"/>.
    /// </summary>
    public static void TransposeMultiply(
        ReadOnlySpan<float> g, ByteRows x, Span<float> d, float scale = 1, NextBatchRows ahead = default) =>
        TransposeMultiply(g, x, d, scale, 0, x.Width, ahead);

    /// <summary>The same for the inputs from <paramref name="start"/> up to <paramref name="end"/> only.</summary>
    public static void TransposeMultiply(
        ReadOnlySpan<float> g, ByteRows x, Span<float> d, float scale, int start, int end, NextBatchRows ahead)
    {
        if (Vector512.IsHardwareAccelerated)
            TransposeMultiply<Vector512<float>, Lanes512>(g, x, d, scale, start, end, ahead);
        else if (Vector256.IsHardwareAccelerated)
            TransposeMultiply<Vector256<float>, Lanes256>(g, x, d, scale, start, end, ahead);
        else
            TransposeMultiply<Vector128<float>, Lanes128>(g, x, d, scale, start, end, ahead);
    }

    /// <summary>
    /// The definition of <see cref="MultiplyTransposed(ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, int)"/>.
    /// </summary>
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

    /// <summary>
    /// The definition of <see cref="TransposeMultiply(ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, int)"/>.
    /// </summary>
    public static void TransposeMultiplyScalar(ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner) =>
        TransposeMultiplyScalar(g, x, d, inner, 0, inner);

    public static void TransposeMultiplyScalar(
        ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner, int start, int end)
    {
        int rows = x.Length / inner, outputs = d.Length / inner;
        for (int j = 0; j < outputs; j++)
        {
            for (int k = start; k < end; k++)
            {
                float sum = 0;
                for (int i = 0; i < rows; i++) sum += g[i * outputs + j] * x[i * inner + k];
                d[j * inner + k] = sum;
            }
        }
    }

    public static void MultiplyTransposed<TVector, TLanes>(ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> z, int inner)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        ForwardTiles.Multiply<float, TVector, TLanes, FloatInput<TVector, TLanes>>(new(x, inner), w, z);

    public static void MultiplyTransposed<TVector, TLanes>(ByteRows x, ReadOnlySpan<float> w, Span<float> z)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        ForwardTiles.Multiply<byte, TVector, TLanes, ByteInput<TVector, TLanes>>(new(x), w, z);

    public static void TransposeMultiply<TVector, TLanes>(ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> => TransposeMultiply<TVector, TLanes>(g, x, d, inner, 0, inner);

    public static void TransposeMultiply<TVector, TLanes>(
        ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner, int start, int end)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        WeightGradientTiles.Multiply<float, TVector, TLanes, FloatInput<TVector, TLanes>>(
            g, new(x, inner), d, 1, start, end, default);

    public static void TransposeMultiply<TVector, TLanes>(
        ReadOnlySpan<float> g, ByteRows x, Span<float> d, float scale = 1, NextBatchRows ahead = default)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> => TransposeMultiply<TVector, TLanes>(g, x, d, scale, 0, x.Width, ahead);

    public static void TransposeMultiply<TVector, TLanes>(
        ReadOnlySpan<float> g, ByteRows x, Span<float> d, float scale, int start, int end, NextBatchRows ahead)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        WeightGradientTiles.Multiply<byte, TVector, TLanes, ByteInput<TVector, TLanes>>(
            g, new(x), d, scale, start, end, ahead);
}

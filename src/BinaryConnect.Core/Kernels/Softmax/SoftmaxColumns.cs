using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Softmax;

/// <summary>The softmax of transposed logits [classes, rows].</summary>
/// <remarks>
/// A lane is a row: a register holds one class of 4, 8 or 16 rows, and maximum and sum run down the classes without
/// horizontal sums. No masks: the last, incomplete register of rows is left to the scalar form.
/// </remarks>
internal static class SoftmaxColumns
{
    /// <summary>
    /// Effectively computes, for logits z = columns, maxima[i] = max_k z[k, i], e[k, i] = exp(z[k, i] − maxima[i]),
    /// sums[i] = Σ_k e[k, i] and, in place, columns[k, i] = e[k, i] · (factor / sums[i]). The exponential is that of
    /// <see cref="Exponential"/>. NaN stays in its row.
    /// </summary>
    public static void Run(Span<float> columns, float factor, Span<float> maxima, Span<float> sums)
    {
        if (Vector512.IsHardwareAccelerated) Run<Vector512<float>, Lanes512>(columns, factor, maxima, sums);
        else if (Vector256.IsHardwareAccelerated) Run<Vector256<float>, Lanes256>(columns, factor, maxima, sums);
        else if (Vector128.IsHardwareAccelerated) Run<Vector128<float>, Lanes128>(columns, factor, maxima, sums);
        else RunScalar(columns, factor, maxima, sums);
    }

    /// <summary>
    /// The definition of <see cref="Run(Span{float}, float, Span{float}, Span{float})"/>, from row
    /// <paramref name="start"/> on.
    /// </summary>
    public static void RunScalar(Span<float> columns, float factor, Span<float> maxima, Span<float> sums, int start = 0)
    {
        int rows = sums.Length;
        for (int i = start; i < rows; i++)
        {
            float maximum = columns[i], sum = 0;
            for (int k = i + rows; k < columns.Length; k += rows) maximum = maximum > columns[k] ? maximum : columns[k];
            for (int k = i; k < columns.Length; k += rows) sum += columns[k] = Exponential.OfDifference(columns[k] - maximum);
            float share = factor / sum;
            for (int k = i; k < columns.Length; k += rows) columns[k] *= share;
            maxima[i] = maximum;
            sums[i] = sum;
        }
    }

    public static void Run<TVector, TLanes>(Span<float> columns, float factor, Span<float> maxima, Span<float> sums)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        nuint rows = (nuint)sums.Length, end = (nuint)columns.Length;
        ref float z = ref MemoryMarshal.GetReference(columns);
        ref float m = ref MemoryMarshal.GetReference(maxima), s = ref MemoryMarshal.GetReference(sums);
        int whole = sums.Length - sums.Length % TLanes.Count;
        for (nuint i = 0; i < (nuint)whole; i += (nuint)TLanes.Count)
        {
            TVector maximum = TLanes.Load(ref z, i), sum = TLanes.Create(0);
            for (nuint k = i + rows; k < end; k += rows) maximum = TLanes.Max(maximum, TLanes.Load(ref z, k));
            for (nuint k = i; k < end; k += rows)
            {
                TVector exponential = Exponential.OfDifference<TVector, TLanes>(TLanes.Subtract(TLanes.Load(ref z, k), maximum));
                sum = TLanes.Add(sum, exponential);
                TLanes.Store(exponential, ref z, k);
            }

            TVector share = TLanes.Divide(TLanes.Create(factor), sum);
            for (nuint k = i; k < end; k += rows) TLanes.Store(TLanes.Multiply(TLanes.Load(ref z, k), share), ref z, k);
            TLanes.Store(maximum, ref m, i);
            TLanes.Store(sum, ref s, i);
        }

        RunScalar(columns, factor, maxima, sums, whole);
    }
}

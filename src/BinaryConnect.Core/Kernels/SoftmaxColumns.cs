using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels;

/// <summary>The two passes of a softmax around its exponential, over columns [classes, rows]: registers run along the rows.</summary>
internal static class SoftmaxColumns
{
    /// <summary>Effectively computes maxima[i] = max_k columns[k, i] and columns[k, i] −= maxima[i].</summary>
    public static void SubtractMaxima(Span<float> columns, Span<float> maxima)
    {
        if (Vector512.IsHardwareAccelerated) SubtractMaxima<Vector512<float>, Lanes512>(columns, maxima);
        else if (Vector256.IsHardwareAccelerated) SubtractMaxima<Vector256<float>, Lanes256>(columns, maxima);
        else if (Vector128.IsHardwareAccelerated) SubtractMaxima<Vector128<float>, Lanes128>(columns, maxima);
        else SubtractMaximaScalar(columns, maxima);
    }

    /// <summary>Effectively computes sums[i] = Σ_k columns[k, i] and columns[k, i] = columns[k, i] · (share / sums[i]).</summary>
    public static void Normalize(Span<float> columns, float share, Span<float> sums)
    {
        if (Vector512.IsHardwareAccelerated) Normalize<Vector512<float>, Lanes512>(columns, share, sums);
        else if (Vector256.IsHardwareAccelerated) Normalize<Vector256<float>, Lanes256>(columns, share, sums);
        else if (Vector128.IsHardwareAccelerated) Normalize<Vector128<float>, Lanes128>(columns, share, sums);
        else NormalizeScalar(columns, share, sums);
    }

    /// <summary>The definition of <see cref="SubtractMaxima(Span{float}, Span{float})"/>, from row <paramref name="start"/> on.</summary>
    public static void SubtractMaximaScalar(Span<float> columns, Span<float> maxima, int start = 0)
    {
        int rows = maxima.Length;
        for (int i = start; i < rows; i++)
        {
            float maximum = columns[i];
            for (int k = i + rows; k < columns.Length; k += rows) maximum = MathF.Max(maximum, columns[k]);
            for (int k = i; k < columns.Length; k += rows) columns[k] -= maximum;
            maxima[i] = maximum;
        }
    }

    /// <summary>The definition of <see cref="Normalize(Span{float}, float, Span{float})"/>, from row <paramref name="start"/> on.</summary>
    public static void NormalizeScalar(Span<float> columns, float share, Span<float> sums, int start = 0)
    {
        int rows = sums.Length;
        for (int i = start; i < rows; i++)
        {
            float sum = 0;
            for (int k = i; k < columns.Length; k += rows) sum += columns[k];
            float factor = share / sum;
            for (int k = i; k < columns.Length; k += rows) columns[k] *= factor;
            sums[i] = sum;
        }
    }

    public static void SubtractMaxima<TVector, TLanes>(Span<float> columns, Span<float> maxima)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        nuint rows = (nuint)maxima.Length, end = (nuint)columns.Length;
        ref float z = ref MemoryMarshal.GetReference(columns), m = ref MemoryMarshal.GetReference(maxima);
        int whole = maxima.Length - maxima.Length % TLanes.Count;
        for (nuint i = 0; i < (nuint)whole; i += (nuint)TLanes.Count)
        {
            TVector maximum = TLanes.Load(ref z, i);
            for (nuint k = i + rows; k < end; k += rows) maximum = TLanes.Max(maximum, TLanes.Load(ref z, k));
            for (nuint k = i; k < end; k += rows) TLanes.Store(TLanes.Subtract(TLanes.Load(ref z, k), maximum), ref z, k);
            TLanes.Store(maximum, ref m, i);
        }

        SubtractMaximaScalar(columns, maxima, whole);
    }

    public static void Normalize<TVector, TLanes>(Span<float> columns, float share, Span<float> sums)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        nuint rows = (nuint)sums.Length, end = (nuint)columns.Length;
        ref float p = ref MemoryMarshal.GetReference(columns), s = ref MemoryMarshal.GetReference(sums);
        int whole = sums.Length - sums.Length % TLanes.Count;
        for (nuint i = 0; i < (nuint)whole; i += (nuint)TLanes.Count)
        {
            TVector sum = TLanes.Create(0);
            for (nuint k = i; k < end; k += rows) sum = TLanes.Add(sum, TLanes.Load(ref p, k));
            TVector factor = TLanes.Divide(TLanes.Create(share), sum);
            for (nuint k = i; k < end; k += rows) TLanes.Store(TLanes.Multiply(TLanes.Load(ref p, k), factor), ref p, k);
            TLanes.Store(sum, ref s, i);
        }

        NormalizeScalar(columns, share, sums, whole);
    }
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Softmax;

/// <summary>The exponentials of one row of logits.</summary>
/// <remarks>
/// A lane is a class: registers run along the row, with one horizontal sum at the end. No masks: the last, incomplete
/// register is left to the scalar form.
/// </remarks>
internal static class SoftmaxRow
{
    /// <summary>
    /// Effectively computes exponentials[k] = exp(row[k] − maximum) by <see cref="Exponential"/>. The spans are the
    /// same or do not overlap.
    /// </summary>
    /// <returns>Σ_k exponentials[k].</returns>
    public static float Exponentials(ReadOnlySpan<float> row, float maximum, Span<float> exponentials)
    {
        if (Vector512.IsHardwareAccelerated) return Exponentials<Vector512<float>, Lanes512>(row, maximum, exponentials);
        if (Vector256.IsHardwareAccelerated) return Exponentials<Vector256<float>, Lanes256>(row, maximum, exponentials);
        if (Vector128.IsHardwareAccelerated) return Exponentials<Vector128<float>, Lanes128>(row, maximum, exponentials);
        return ExponentialsScalar(row, maximum, exponentials);
    }

    /// <summary>The definition of <see cref="Exponentials(ReadOnlySpan{float}, float, Span{float})"/>.</summary>
    public static float ExponentialsScalar(ReadOnlySpan<float> row, float maximum, Span<float> exponentials)
    {
        float sum = 0;
        for (int k = 0; k < row.Length; k++) sum += exponentials[k] = Exponential.OfDifference(row[k] - maximum);
        return sum;
    }

    public static float Exponentials<TVector, TLanes>(ReadOnlySpan<float> row, float maximum, Span<float> exponentials)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        ref float z = ref MemoryMarshal.GetReference(row), e = ref MemoryMarshal.GetReference(exponentials);
        TVector maxima = TLanes.Create(maximum), sum = TLanes.Create(0);
        int whole = row.Length - row.Length % TLanes.Count;
        for (nuint k = 0; k < (nuint)whole; k += (nuint)TLanes.Count)
        {
            TVector exponential = Exponential.OfDifference<TVector, TLanes>(TLanes.Subtract(TLanes.Load(ref z, k), maxima));
            sum = TLanes.Add(sum, exponential);
            TLanes.Store(exponential, ref e, k);
        }

        return TLanes.Sum(sum) + ExponentialsScalar(row[whole..], maximum, exponentials[whole..]);
    }
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>
/// Loops over the signs of weights, where 0, −0 and NaN count as positive. TensorPrimitives.CopySign takes −0 as
/// negative.
/// </summary>
/// <remarks>
/// Lanes compare with 0 and select, or count where two comparisons differ. No masks: the last, incomplete register is
/// left to the scalar form.
/// </remarks>
internal static class Signs
{
    // A float lane sums this many terms, with a relative error below 2⁻¹⁸. Beyond them the sum goes on in double.
    private const int LaneAdditions = 64;

    /// <summary>
    /// Effectively computes destination[i] = weights[i] &lt; 0 ? −bound : bound. The spans are the same or do not
    /// overlap.
    /// </summary>
    public static void Binarize(ReadOnlySpan<float> weights, float bound, Span<float> destination)
    {
        if (Vector512.IsHardwareAccelerated) Binarize<Vector512<float>, Lanes512>(weights, bound, destination);
        else if (Vector256.IsHardwareAccelerated) Binarize<Vector256<float>, Lanes256>(weights, bound, destination);
        else if (Vector128.IsHardwareAccelerated) Binarize<Vector128<float>, Lanes128>(weights, bound, destination);
        else BinarizeScalar(weights, bound, destination);
    }

    /// <summary>How many signs differ between the two spans, and Σ |after[i] − before[i]|, in one pass.</summary>
    public static (int Flips, double L1) Compare(ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        if (Vector512.IsHardwareAccelerated) return Compare<Vector512<float>, Lanes512>(before, after);
        if (Vector256.IsHardwareAccelerated) return Compare<Vector256<float>, Lanes256>(before, after);
        if (Vector128.IsHardwareAccelerated) return Compare<Vector128<float>, Lanes128>(before, after);
        return CompareScalar(before, after);
    }

    /// <summary>The definition of <see cref="Binarize(ReadOnlySpan{float}, float, Span{float})"/>.</summary>
    public static void BinarizeScalar(ReadOnlySpan<float> weights, float bound, Span<float> destination)
    {
        for (int i = 0; i < weights.Length; i++) destination[i] = weights[i] < 0 ? -bound : bound;
    }

    /// <summary>The definition of <see cref="Compare(ReadOnlySpan{float}, ReadOnlySpan{float})"/>.</summary>
    public static (int Flips, double L1) CompareScalar(ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        int flips = 0;
        double l1 = 0;
        for (int i = 0; i < before.Length; i++)
        {
            if (before[i] < 0 != after[i] < 0) flips++;
            l1 += Math.Abs(after[i] - before[i]);
        }

        return (flips, l1);
    }

    public static void Binarize<TVector, TLanes>(ReadOnlySpan<float> weights, float bound, Span<float> destination)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        ref float source = ref MemoryMarshal.GetReference(weights), target = ref MemoryMarshal.GetReference(destination);
        TVector positive = TLanes.Create(bound), negative = TLanes.Create(-bound);
        int whole = weights.Length - weights.Length % TLanes.Count;
        // Backward, since the update wrote the end last and the product reads the start first: both are then in cache.
        for (int i = whole - TLanes.Count; i >= 0; i -= TLanes.Count)
        {
            TLanes.Store(TLanes.SelectNegative(TLanes.Load(ref source, (nuint)i), negative, positive), ref target, (nuint)i);
        }

        BinarizeScalar(weights[whole..], bound, destination[whole..]);
    }

    public static (int Flips, double L1) Compare<TVector, TLanes>(ReadOnlySpan<float> before, ReadOnlySpan<float> after)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        ref float old = ref MemoryMarshal.GetReference(before), now = ref MemoryMarshal.GetReference(after);
        int flips = 0, i = 0, whole = before.Length - before.Length % TLanes.Count;
        double l1 = 0;
        while (i < whole)
        {
            int end = Math.Min(i + LaneAdditions * TLanes.Count, whole);
            TVector sum = TLanes.Create(0);
            for (; i < end; i += TLanes.Count)
            {
                TVector a = TLanes.Load(ref old, (nuint)i), b = TLanes.Load(ref now, (nuint)i);
                flips += TLanes.CountSignDifferences(a, b);
                sum = TLanes.Add(sum, TLanes.Absolute(TLanes.Subtract(b, a)));
            }

            l1 += TLanes.Sum(sum);
        }

        (int tailFlips, double tailL1) = CompareScalar(before[whole..], after[whole..]);
        return (flips + tailFlips, l1 + tailL1);
    }
}

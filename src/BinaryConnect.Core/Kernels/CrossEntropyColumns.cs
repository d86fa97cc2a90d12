using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels;

/// <summary>Softmax cross-entropy of rows whose logits stand as columns [classes, rows], so that registers run along the rows.</summary>
internal static class CrossEntropyColumns
{
    /// <summary>
    /// Effectively computes, for logits z = columns, maxima[i] = max_k z[k, i], ofLabels[i] = z[labels[i], i], e[k, i] = exp(z[k, i] − maxima[i]) and
    /// sums[i] = Σ_k e[k, i], which make up a row's loss, log sums[i] + maxima[i] − ofLabels[i]; and its gradient times the share in place,
    /// columns[k, i] = e[k, i] · (share / sums[i]) − (k = labels[i] ? share : 0). What is more than 64 below its row's maximum has e = 0. NaN stays in its row.
    /// </summary>
    public static void Run(Span<float> columns, ReadOnlySpan<int> labels, float share, Span<float> maxima, Span<float> ofLabels, Span<float> sums)
    {
        if (Vector512.IsHardwareAccelerated) Run<Vector512<float>, Lanes512>(columns, labels, share, maxima, ofLabels, sums);
        else if (Vector256.IsHardwareAccelerated) Run<Vector256<float>, Lanes256>(columns, labels, share, maxima, ofLabels, sums);
        else if (Vector128.IsHardwareAccelerated) Run<Vector128<float>, Lanes128>(columns, labels, share, maxima, ofLabels, sums);
        else RunScalar(columns, labels, share, maxima, ofLabels, sums);
    }

    /// <summary>The definition of <see cref="Run(Span{float}, ReadOnlySpan{int}, float, Span{float}, Span{float}, Span{float})"/>, from row <paramref name="start"/> on.</summary>
    public static void RunScalar(
        Span<float> columns, ReadOnlySpan<int> labels, float share, Span<float> maxima, Span<float> ofLabels, Span<float> sums, int start = 0)
    {
        int rows = labels.Length;
        for (int i = start; i < rows; i++)
        {
            int label = i + labels[i] * rows;
            ofLabels[i] = columns[label];
            float maximum = columns[i], sum = 0;
            for (int k = i + rows; k < columns.Length; k += rows) maximum = maximum > columns[k] ? maximum : columns[k];
            for (int k = i; k < columns.Length; k += rows) sum += columns[k] = Exponential.OfDifference(columns[k] - maximum);
            float factor = share / sum;
            for (int k = i; k < columns.Length; k += rows) columns[k] *= factor;
            columns[label] -= share;
            maxima[i] = maximum;
            sums[i] = sum;
        }
    }

    public static void Run<TVector, TLanes>(
        Span<float> columns, ReadOnlySpan<int> labels, float share, Span<float> maxima, Span<float> ofLabels, Span<float> sums)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        nuint rows = (nuint)labels.Length, end = (nuint)columns.Length;
        ref float z = ref MemoryMarshal.GetReference(columns), l = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<int, float>(labels));
        ref float m = ref MemoryMarshal.GetReference(maxima), o = ref MemoryMarshal.GetReference(ofLabels), s = ref MemoryMarshal.GetReference(sums);
        TVector zero = TLanes.Create(0), shares = TLanes.Create(share);
        int whole = labels.Length - labels.Length % TLanes.Count;
        for (nuint i = 0; i < (nuint)whole; i += (nuint)TLanes.Count)
        {
            TVector classes = TLanes.Load(ref l, i), maximum = TLanes.Load(ref z, i), ofLabel = maximum, sum = zero;
            int number = 1;
            for (nuint k = i + rows; k < end; k += rows, number++)
            {
                TVector logits = TLanes.Load(ref z, k);
                maximum = TLanes.Max(maximum, logits);
                ofLabel = TLanes.SelectSameBits(classes, OfClass(number), logits, ofLabel);
            }

            for (nuint k = i; k < end; k += rows)
            {
                TVector exponential = Exponential.OfDifference<TVector, TLanes>(TLanes.Subtract(TLanes.Load(ref z, k), maximum));
                sum = TLanes.Add(sum, exponential);
                TLanes.Store(exponential, ref z, k);
            }

            TVector factor = TLanes.Divide(shares, sum);
            number = 0;
            for (nuint k = i; k < end; k += rows, number++)
            {
                TVector target = TLanes.SelectSameBits(classes, OfClass(number), shares, zero);
                TLanes.Store(TLanes.Subtract(TLanes.Multiply(TLanes.Load(ref z, k), factor), target), ref z, k);
            }

            TLanes.Store(maximum, ref m, i);
            TLanes.Store(ofLabel, ref o, i);
            TLanes.Store(sum, ref s, i);
        }

        RunScalar(columns, labels, share, maxima, ofLabels, sums, whole);

        static TVector OfClass(int number) => TLanes.Create(BitConverter.Int32BitsToSingle(number));
    }

    /// <summary>Effectively computes Σ_i log sums[i] + maxima[i] − ofLabels[i] in double precision.</summary>
    public static double SumOfLosses(ReadOnlySpan<float> maxima, ReadOnlySpan<float> ofLabels, ReadOnlySpan<float> sums)
    {
        ref float m = ref MemoryMarshal.GetReference(maxima), o = ref MemoryMarshal.GetReference(ofLabels), s = ref MemoryMarshal.GetReference(sums);
        int i = 0, whole = sums.Length - sums.Length % Vector512<float>.Count;
        Vector512<double> losses = Vector512<double>.Zero, products = Vector512<double>.One;
        for (; i < whole; i += Vector512<float>.Count)
        {
            (Vector512<double> maximum, Vector512<double> nextMaximum) = Vector512.Widen(Vector512.LoadUnsafe(ref m, (nuint)i));
            (Vector512<double> ofLabel, Vector512<double> nextOfLabel) = Vector512.Widen(Vector512.LoadUnsafe(ref o, (nuint)i));
            (Vector512<double> sum, Vector512<double> nextSum) = Vector512.Widen(Vector512.LoadUnsafe(ref s, (nuint)i));
            losses += maximum - ofLabel + (nextMaximum - nextOfLabel);
            products *= sum * nextSum;
        }

        // A row's sum is at least 1 and at most the number of classes, so that the product of a few hundred has a finite logarithm, the sum of theirs.
        double loss = Vector512.Sum(losses), product = 1;
        for (int j = 0; j < Vector512<double>.Count; j++) product *= products[j];
        for (; i < sums.Length; i++)
        {
            loss += (double)maxima[i] - ofLabels[i];
            product *= sums[i];
        }

        return loss + Math.Log(product);
    }
}

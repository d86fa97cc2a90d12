using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>Whether all values are finite, in one pass. TensorPrimitives.IsFiniteAll is much slower.</summary>
/// <remarks>
/// Every lane sums 0 · value: 0 while all values are finite, else NaN for good. Four independent sums hide the latency
/// of an addition. No masks: a remainder of fewer than four registers is left to the scalar form.
/// </remarks>
internal static class FiniteCheck
{
    /// <summary>
    /// Whether no values[i] · <paramref name="factor"/> is NaN or infinite. A factor of 2ᵏ limits every magnitude to
    /// below 2¹²⁸⁻ᵏ.
    /// </summary>
    public static bool All(ReadOnlySpan<float> values, float factor = 1)
    {
        if (Vector512.IsHardwareAccelerated) return All<Vector512<float>, Lanes512>(values, factor);
        if (Vector256.IsHardwareAccelerated) return All<Vector256<float>, Lanes256>(values, factor);
        if (Vector128.IsHardwareAccelerated) return All<Vector128<float>, Lanes128>(values, factor);
        return AllScalar(values, factor);
    }

    /// <summary>The definition of <see cref="All(ReadOnlySpan{float}, float)"/>.</summary>
    public static bool AllScalar(ReadOnlySpan<float> values, float factor = 1)
    {
        bool isFinite = true;
        foreach (float value in values) isFinite &= float.IsFinite(value * factor);
        return isFinite;
    }

    public static bool All<TVector, TLanes>(ReadOnlySpan<float> values, float factor = 1)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        ref float source = ref MemoryMarshal.GetReference(values);
        TVector zero = TLanes.Create(0), scale = TLanes.Create(factor), a = zero, b = zero, c = zero, d = zero;
        int four = 4 * TLanes.Count, whole = values.Length - values.Length % four;
        for (int i = 0; i < whole; i += four)
        {
            ref float from = ref Unsafe.Add(ref source, i);
            a = TLanes.MultiplyAdd(TLanes.Multiply(TLanes.Load(ref from, 0), scale), zero, a);
            b = TLanes.MultiplyAdd(TLanes.Multiply(TLanes.Load(ref from, (nuint)TLanes.Count), scale), zero, b);
            c = TLanes.MultiplyAdd(TLanes.Multiply(TLanes.Load(ref from, 2 * (nuint)TLanes.Count), scale), zero, c);
            d = TLanes.MultiplyAdd(TLanes.Multiply(TLanes.Load(ref from, 3 * (nuint)TLanes.Count), scale), zero, d);
        }

        return TLanes.Sum(TLanes.Add(TLanes.Add(a, b), TLanes.Add(c, d))) == 0 && AllScalar(values[whole..], factor);
    }
}

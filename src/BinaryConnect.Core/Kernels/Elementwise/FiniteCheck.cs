using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>Whether values are all finite; TensorPrimitives.IsFiniteAll was seen to take ten times as long.</summary>
internal static class FiniteCheck
{
    /// <summary>Whether no value · <paramref name="factor"/> is NaN or infinite: with a factor of 2ᵏ, every magnitude is below 2¹²⁸⁻ᵏ.</summary>
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

    // 0 · value is 0 when value is finite, else NaN, which no addition takes away. One sum alone would wait for each addition.
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

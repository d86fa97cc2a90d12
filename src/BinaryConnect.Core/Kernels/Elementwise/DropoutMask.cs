using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>Dropout factors, 0 or one other value, made in place from uniform numbers.</summary>
/// <remarks>
/// Each lane selects by the sign of value − rate, which is exact as a comparison: the difference of two unequal floats
/// never rounds to 0. No masks: the last, incomplete register is left to the scalar form.
/// </remarks>
internal static class DropoutMask
{
    /// <summary>Effectively computes values[i] = values[i] &lt; rate ? 0 : kept.</summary>
    public static void Make(Span<float> values, float rate, float kept)
    {
        if (Vector512.IsHardwareAccelerated) Make<Vector512<float>, Lanes512>(values, rate, kept);
        else if (Vector256.IsHardwareAccelerated) Make<Vector256<float>, Lanes256>(values, rate, kept);
        else if (Vector128.IsHardwareAccelerated) Make<Vector128<float>, Lanes128>(values, rate, kept);
        else MakeScalar(values, rate, kept);
    }

    /// <summary>The definition of <see cref="Make(Span{float}, float, float)"/>.</summary>
    public static void MakeScalar(Span<float> values, float rate, float kept)
    {
        for (int i = 0; i < values.Length; i++) values[i] = values[i] < rate ? 0 : kept;
    }

    public static void Make<TVector, TLanes>(Span<float> values, float rate, float kept)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        ref float start = ref MemoryMarshal.GetReference(values);
        TVector rates = TLanes.Create(rate), keep = TLanes.Create(kept), zero = TLanes.Create(0);
        int whole = values.Length - values.Length % TLanes.Count;
        for (int i = 0; i < whole; i += TLanes.Count)
        {
            TVector distance = TLanes.Subtract(TLanes.Load(ref start, (nuint)i), rates);
            TLanes.Store(TLanes.SelectNegative(distance, zero, keep), ref start, (nuint)i);
        }

        MakeScalar(values[whole..], rate, kept);
    }
}

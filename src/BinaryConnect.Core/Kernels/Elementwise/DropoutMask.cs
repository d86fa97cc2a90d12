using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>Random factors of 0 and of one other value, made of uniform numbers in place.</summary>
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

    // No difference of two floats rounds to 0, so that its sign compares them.
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

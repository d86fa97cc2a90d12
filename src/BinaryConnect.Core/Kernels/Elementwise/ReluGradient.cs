using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>The gradient of ReLU: a selection for which TensorPrimitives has no call.</summary>
/// <remarks>
/// Lanes select by the sign of 0 − output. No masks: the last, incomplete register is left to the scalar form.
/// </remarks>
internal static class ReluGradient
{
    /// <summary>
    /// Effectively computes destination[i] = outputs[i] &gt; 0 ? gradient[i] : 0. The destination is the gradient, or
    /// does not overlap it.
    /// </summary>
    public static void Gate(ReadOnlySpan<float> gradient, ReadOnlySpan<float> outputs, Span<float> destination)
    {
        if (Vector512.IsHardwareAccelerated) Gate<Vector512<float>, Lanes512>(gradient, outputs, destination);
        else if (Vector256.IsHardwareAccelerated) Gate<Vector256<float>, Lanes256>(gradient, outputs, destination);
        else if (Vector128.IsHardwareAccelerated) Gate<Vector128<float>, Lanes128>(gradient, outputs, destination);
        else GateScalar(gradient, outputs, destination);
    }

    /// <summary>The definition of <see cref="Gate(ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float})"/>.</summary>
    public static void GateScalar(ReadOnlySpan<float> gradient, ReadOnlySpan<float> outputs, Span<float> destination)
    {
        for (int i = 0; i < gradient.Length; i++) destination[i] = outputs[i] > 0 ? gradient[i] : 0;
    }

    public static void Gate<TVector, TLanes>(ReadOnlySpan<float> gradient, ReadOnlySpan<float> outputs, Span<float> destination)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        ref float g = ref MemoryMarshal.GetReference(gradient), y = ref MemoryMarshal.GetReference(outputs);
        ref float target = ref MemoryMarshal.GetReference(destination);
        TVector zero = TLanes.Create(0);
        int whole = gradient.Length - gradient.Length % TLanes.Count;
        for (int i = 0; i < whole; i += TLanes.Count)
        {
            TVector negated = TLanes.Subtract(zero, TLanes.Load(ref y, (nuint)i));
            TLanes.Store(TLanes.SelectNegative(negated, TLanes.Load(ref g, (nuint)i), zero), ref target, (nuint)i);
        }

        GateScalar(gradient[whole..], outputs[whole..], destination[whole..]);
    }
}

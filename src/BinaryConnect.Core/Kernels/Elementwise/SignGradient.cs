using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>The straight-through gradient of a sign: a selection for which TensorPrimitives has no call.</summary>
internal static class SignGradient
{
    /// <summary>
    /// Effectively computes destination[i] = |inputs[i]| ≤ bound ? gradient[i] : 0; NaN gives 0. The destination is the
    /// gradient, or does not overlap it.
    /// </summary>
    public static void Gate(ReadOnlySpan<float> gradient, ReadOnlySpan<float> inputs, float bound, Span<float> destination)
    {
        ref float g = ref MemoryMarshal.GetReference(gradient), x = ref MemoryMarshal.GetReference(inputs);
        ref float target = ref MemoryMarshal.GetReference(destination);
        Vector512<float> limit = Vector512.Create(bound);
        int whole = gradient.Length - gradient.Length % Vector512<float>.Count;
        for (nuint i = 0; i < (nuint)whole; i += (nuint)Vector512<float>.Count)
        {
            Vector512<float> passes = Vector512.LessThanOrEqual(Vector512.Abs(Vector512.LoadUnsafe(ref x, i)), limit);
            (Vector512.LoadUnsafe(ref g, i) & passes).StoreUnsafe(ref target, i);
        }

        GateScalar(gradient[whole..], inputs[whole..], bound, destination[whole..]);
    }

    /// <summary>The definition of <see cref="Gate"/>.</summary>
    public static void GateScalar(
        ReadOnlySpan<float> gradient, ReadOnlySpan<float> inputs, float bound, Span<float> destination)
    {
        for (int i = 0; i < gradient.Length; i++) destination[i] = MathF.Abs(inputs[i]) <= bound ? gradient[i] : 0;
    }
}

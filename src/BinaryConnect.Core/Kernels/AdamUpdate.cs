using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels;

/// <summary>Adam's update in one pass over value, gradient and both moments; by TensorPrimitives it would be nine passes and a buffer.</summary>
internal static class AdamUpdate
{
    /// <summary>
    /// Effectively computes, for each i: mean += (1 − β₁)(gradient − mean); variance += (1 − β₂)(gradient² − variance);
    /// value −= rate · mean / (√(variance · correction) + epsilon).
    /// </summary>
    public static void Apply(Span<float> value, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> variance, in Coefficients c)
    {
        if (Vector512.IsHardwareAccelerated) Apply<Vector512<float>, Lanes512>(value, gradient, mean, variance, c);
        else if (Vector256.IsHardwareAccelerated) Apply<Vector256<float>, Lanes256>(value, gradient, mean, variance, c);
        else if (Vector128.IsHardwareAccelerated) Apply<Vector128<float>, Lanes128>(value, gradient, mean, variance, c);
        else ApplyScalar(value, gradient, mean, variance, c);
    }

    /// <summary>The definition of <see cref="Apply(Span{float}, ReadOnlySpan{float}, Span{float}, Span{float}, in Coefficients)"/>.</summary>
    public static void ApplyScalar(Span<float> value, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> variance, in Coefficients c)
    {
        for (int i = 0; i < value.Length; i++)
        {
            float g = gradient[i];
            mean[i] = float.MultiplyAddEstimate(c.NewMean, g - mean[i], mean[i]);
            variance[i] = float.MultiplyAddEstimate(c.NewVariance, g * g - variance[i], variance[i]);
            value[i] -= c.Rate * mean[i] / (MathF.Sqrt(variance[i] * c.VarianceCorrection) + c.Epsilon);
        }
    }

    public static void Apply<TVector, TLanes>(
        Span<float> value, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> variance, in Coefficients c)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        ref float values = ref MemoryMarshal.GetReference(value), gradients = ref MemoryMarshal.GetReference(gradient);
        ref float means = ref MemoryMarshal.GetReference(mean), variances = ref MemoryMarshal.GetReference(variance);
        TVector newMean = TLanes.Create(c.NewMean), newVariance = TLanes.Create(c.NewVariance), rate = TLanes.Create(c.Rate);
        TVector correction = TLanes.Create(c.VarianceCorrection), epsilon = TLanes.Create(c.Epsilon);
        int whole = value.Length - value.Length % TLanes.Count;
        for (int i = 0; i < whole; i += TLanes.Count)
        {
            nuint at = (nuint)i;
            TVector g = TLanes.Load(ref gradients, at), m = TLanes.Load(ref means, at), v = TLanes.Load(ref variances, at);
            m = TLanes.MultiplyAdd(newMean, TLanes.Subtract(g, m), m);
            v = TLanes.MultiplyAdd(newVariance, TLanes.Subtract(TLanes.Multiply(g, g), v), v);
            TLanes.Store(m, ref means, at);
            TLanes.Store(v, ref variances, at);
            TVector root = TLanes.Add(TLanes.SquareRoot(TLanes.Multiply(v, correction)), epsilon);
            TLanes.Store(TLanes.Subtract(TLanes.Load(ref values, at), TLanes.Divide(TLanes.Multiply(rate, m), root)), ref values, at);
        }

        ApplyScalar(value[whole..], gradient[whole..], mean[whole..], variance[whole..], c);
    }

    /// <summary>What is the same for every value of one step.</summary>
    /// <param name="Rate">The learning rate with the mean's bias correction, α / (1 − β₁ᵗ).</param>
    /// <param name="NewMean">1 − β₁.</param>
    /// <param name="NewVariance">1 − β₂.</param>
    /// <param name="VarianceCorrection">1 / (1 − β₂ᵗ).</param>
    /// <param name="Epsilon">Added to the root.</param>
    public readonly record struct Coefficients(float Rate, float NewMean, float NewVariance, float VarianceCorrection, float Epsilon);
}

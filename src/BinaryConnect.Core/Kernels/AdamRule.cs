using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BinaryConnect.Kernels;

/// <summary>
/// Adam: mean += (1 − β₁)(gradient − mean); variance += (1 − β₂)(gradient² − variance);
/// value − rate · mean / (√(variance · correction) + epsilon). Gradients below 2⁻⁵⁰ count as 0, and so do means and variances below 2⁻¹⁰⁰: where
/// an input is hardly ever anything else than 0, they would decay to what is slow to compute with.
/// </summary>
internal readonly ref struct AdamRule(ReadOnlySpan<float> gradient, Span<float> mean, Span<float> variance, AdamCoefficients coefficients) : IUpdateRule
{
    private readonly ref float _gradient = ref MemoryMarshal.GetReference(gradient);
    private readonly ref float _mean = ref MemoryMarshal.GetReference(mean);
    private readonly ref float _variance = ref MemoryMarshal.GetReference(variance);
    private readonly AdamCoefficients _by = coefficients;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Next(int index, float value)
    {
        ref float m = ref Unsafe.Add(ref _mean, index), v = ref Unsafe.Add(ref _variance, index);
        float g = Negligible.ToZero(Unsafe.Add(ref _gradient, index), Negligible.Root);
        m = Negligible.ToZero(float.MultiplyAddEstimate(_by.NewMean, g - m, m), Negligible.Magnitude);
        v = Negligible.ToZero(float.MultiplyAddEstimate(_by.NewVariance, g * g - v, v), Negligible.Magnitude);
        return value - _by.Rate * m / (MathF.Sqrt(v * _by.VarianceCorrection) + _by.Epsilon);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Next<TVector, TLanes>(nuint offset, TVector values)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        TVector g = Negligible.ToZero<TVector, TLanes>(TLanes.Load(ref _gradient, offset), Negligible.Root);
        TVector m = TLanes.Load(ref _mean, offset), v = TLanes.Load(ref _variance, offset);
        m = TLanes.MultiplyAdd(TLanes.Create(_by.NewMean), TLanes.Subtract(g, m), m);
        v = TLanes.MultiplyAdd(TLanes.Create(_by.NewVariance), TLanes.Subtract(TLanes.Multiply(g, g), v), v);
        m = Negligible.ToZero<TVector, TLanes>(m, Negligible.Magnitude);
        v = Negligible.ToZero<TVector, TLanes>(v, Negligible.Magnitude);
        TLanes.Store(m, ref _mean, offset);
        TLanes.Store(v, ref _variance, offset);
        TVector corrected = TLanes.Multiply(v, TLanes.Create(_by.VarianceCorrection));
        TVector root = TLanes.Add(TLanes.SquareRoot(corrected), TLanes.Create(_by.Epsilon));
        return TLanes.Subtract(values, TLanes.Divide(TLanes.Multiply(TLanes.Create(_by.Rate), m), root));
    }
}

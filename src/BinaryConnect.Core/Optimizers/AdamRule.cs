using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Optimizers;

/// <summary>
/// Adam: mean = β₁ · mean + (1 − β₁) · gradient; variance = β₂ · variance + (1 − β₂) · gradient²;
/// value − rate · mean / (√(variance · correction) + epsilon). Gradients below 2⁻⁵⁰ count as 0, and so do means and
/// variances below 2⁻¹⁰⁰. Where gradients are mostly 0, they would decay to subnormal numbers, which are slow.
/// </summary>
/// <typeparam name="TMean">The form of the mean's update.</typeparam>
/// <typeparam name="TVariance">The form of the variance's update.</typeparam>
internal readonly ref struct AdamRule<TMean, TVariance>(
    ReadOnlySpan<float> gradient, Span<float> mean, Span<float> variance, AdamCoefficients coefficients) : IUpdateRule
    where TMean : struct, IRunningAverage
    where TVariance : struct, IRunningAverage
{
    private readonly ref float _gradient = ref MemoryMarshal.GetReference(gradient);
    private readonly ref float _mean = ref MemoryMarshal.GetReference(mean);
    private readonly ref float _variance = ref MemoryMarshal.GetReference(variance);
    private readonly AdamCoefficients _by = coefficients;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Next(int index, float value)
    {
        ref float m = ref Unsafe.Add(ref _mean, index), v = ref Unsafe.Add(ref _variance, index);
        float g = FlushToZero.ToZero(Unsafe.Add(ref _gradient, index), FlushToZero.Root);
        m = FlushToZero.ToZero(TMean.Next(m, g, _by.KeptMean, _by.NewMean), FlushToZero.Magnitude);
        v = FlushToZero.ToZero(TVariance.Next(v, g * g, _by.KeptVariance, _by.NewVariance), FlushToZero.Magnitude);
        return value - _by.Rate * m / (MathF.Sqrt(v * _by.VarianceCorrection) + _by.Epsilon);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Next<TVector, TLanes>(nuint offset, TVector values)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        TVector g = FlushToZero.ToZero<TVector, TLanes>(TLanes.Load(ref _gradient, offset), FlushToZero.Root);
        TVector m = TLanes.Load(ref _mean, offset), v = TLanes.Load(ref _variance, offset);
        m = TMean.Next<TVector, TLanes>(m, g, _by.KeptMean, _by.NewMean);
        v = TVariance.Next<TVector, TLanes>(v, TLanes.Multiply(g, g), _by.KeptVariance, _by.NewVariance);
        m = FlushToZero.ToZero<TVector, TLanes>(m, FlushToZero.Magnitude);
        v = FlushToZero.ToZero<TVector, TLanes>(v, FlushToZero.Magnitude);
        TLanes.Store(m, ref _mean, offset);
        TLanes.Store(v, ref _variance, offset);
        TVector corrected = TLanes.Multiply(v, TLanes.Create(_by.VarianceCorrection));
        TVector root = TLanes.Add(TLanes.SquareRoot(corrected), TLanes.Create(_by.Epsilon));
        return TLanes.Subtract(values, TLanes.Divide(TLanes.Multiply(TLanes.Create(_by.Rate), m), root));
    }
}

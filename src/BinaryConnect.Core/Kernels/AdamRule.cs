using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BinaryConnect.Kernels;

/// <summary>
/// Adam: mean += (1 − β₁)(gradient − mean); variance += (1 − β₂)(gradient² − variance);
/// value − rate · mean / (√(variance · correction) + epsilon).
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
        float g = Unsafe.Add(ref _gradient, index);
        m = float.MultiplyAddEstimate(_by.NewMean, g - m, m);
        v = float.MultiplyAddEstimate(_by.NewVariance, g * g - v, v);
        return value - _by.Rate * m / (MathF.Sqrt(v * _by.VarianceCorrection) + _by.Epsilon);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Next<TVector, TLanes>(nuint offset, TVector values)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        TVector g = TLanes.Load(ref _gradient, offset), m = TLanes.Load(ref _mean, offset), v = TLanes.Load(ref _variance, offset);
        m = TLanes.MultiplyAdd(TLanes.Create(_by.NewMean), TLanes.Subtract(g, m), m);
        v = TLanes.MultiplyAdd(TLanes.Create(_by.NewVariance), TLanes.Subtract(TLanes.Multiply(g, g), v), v);
        TLanes.Store(m, ref _mean, offset);
        TLanes.Store(v, ref _variance, offset);
        TVector corrected = TLanes.Multiply(v, TLanes.Create(_by.VarianceCorrection));
        TVector root = TLanes.Add(TLanes.SquareRoot(corrected), TLanes.Create(_by.Epsilon));
        return TLanes.Subtract(values, TLanes.Divide(TLanes.Multiply(TLanes.Create(_by.Rate), m), root));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Optimizers;

/// <summary>value − rate · (gradient[i] + momentum · velocity[i]).</summary>
internal readonly ref struct NesterovRule(
    ReadOnlySpan<float> gradient, ReadOnlySpan<float> velocity, float rate, float momentum) : IUpdateRule
{
    private readonly ref float _gradient = ref MemoryMarshal.GetReference(gradient);
    private readonly ref float _velocity = ref MemoryMarshal.GetReference(velocity);
    private readonly float _factor = -rate;
    private readonly float _momentum = momentum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Next(int index, float value)
    {
        float v = Unsafe.Add(ref _velocity, index), g = Unsafe.Add(ref _gradient, index);
        float direction = float.MultiplyAddEstimate(_momentum, v, g);
        return float.MultiplyAddEstimate(_factor, direction, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Next<TVector, TLanes>(nuint offset, TVector values)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        TVector v = TLanes.Load(ref _velocity, offset), g = TLanes.Load(ref _gradient, offset);
        TVector direction = TLanes.MultiplyAdd(TLanes.Create(_momentum), v, g);
        return TLanes.MultiplyAdd(TLanes.Create(_factor), direction, values);
    }
}

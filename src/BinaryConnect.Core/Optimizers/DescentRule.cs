using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Optimizers;

/// <summary>value − rate · direction[i].</summary>
internal readonly ref struct DescentRule(ReadOnlySpan<float> direction, float rate) : IUpdateRule
{
    private readonly ref float _direction = ref MemoryMarshal.GetReference(direction);
    private readonly float _factor = -rate;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Next(int index, float value) => float.MultiplyAddEstimate(_factor, Unsafe.Add(ref _direction, index), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Next<TVector, TLanes>(nuint offset, TVector values)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        TLanes.MultiplyAdd(TLanes.Create(_factor), TLanes.Load(ref _direction, offset), values);
}

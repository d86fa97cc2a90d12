using System.Runtime.CompilerServices;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Optimizers;

/// <summary>
/// kept · average + taken · value, for averages that keep less than half. If no value is negative, the average is exact
/// to a few units in the last place, and not negative.
/// </summary>
internal readonly struct WeightedAverage : IRunningAverage
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Next(float average, float value, float kept, float taken) =>
        float.MultiplyAddEstimate(kept, average, taken * value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Next<TVector, TLanes>(TVector average, TVector value, float kept, float taken)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        TLanes.MultiplyAdd(TLanes.Create(kept), average, TLanes.Multiply(TLanes.Create(taken), value));
}

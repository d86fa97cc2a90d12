using System.Runtime.CompilerServices;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Optimizers;

/// <summary>
/// average + taken · (value − average), for averages that keep half or more. The difference is rounded to the precision
/// of the old average. If less is kept, a new average far below the old one would be mostly this error.
/// </summary>
internal readonly struct IncrementalAverage : IRunningAverage
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Next(float average, float value, float kept, float taken) =>
        float.MultiplyAddEstimate(taken, value - average, average);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Next<TVector, TLanes>(TVector average, TVector value, float kept, float taken)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        TLanes.MultiplyAdd(TLanes.Create(taken), TLanes.Subtract(value, average), average);
}

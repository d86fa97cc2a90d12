using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Optimizers;

/// <summary>The update of a running average: kept · average + taken · value, where taken is 1 − kept.</summary>
internal interface IRunningAverage
{
    /// <summary>The average after <paramref name="value"/>.</summary>
    static abstract float Next(float average, float value, float kept, float taken);

    /// <summary>The same in each lane.</summary>
    static abstract TVector Next<TVector, TLanes>(TVector average, TVector value, float kept, float taken)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>;
}

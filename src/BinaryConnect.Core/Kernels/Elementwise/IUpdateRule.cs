using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>What an optimizer makes of a latent value, for <see cref="LatentUpdate"/>. It may move state of its own, once for each value.</summary>
internal interface IUpdateRule
{
    /// <summary>The value at <paramref name="index"/> after the update.</summary>
    float Next(int index, float value);

    /// <summary>The values from <paramref name="offset"/> on after the update, a register of them.</summary>
    TVector Next<TVector, TLanes>(nuint offset, TVector values)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>;
}

using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>
/// An optimizer's formula for one latent value, applied by <see cref="LatentUpdate"/>. It may update optimizer state,
/// once for each value.
/// </summary>
internal interface IUpdateRule
{
    /// <summary>The updated value at <paramref name="index"/>.</summary>
    float Next(int index, float value);

    /// <summary>The updated values of one register, which begin at <paramref name="offset"/>.</summary>
    TVector Next<TVector, TLanes>(nuint offset, TVector values)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>;
}

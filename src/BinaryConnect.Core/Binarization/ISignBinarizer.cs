using BinaryConnect.Kernels.Random;

namespace BinaryConnect.Binarization;

/// <summary>
/// A binarizer that gives only ±H, each weight by itself, so that threads may share one call. Dense layers keep only
/// the signs of its results.
/// </summary>
public interface ISignBinarizer : IBinarizer
{
    /// <summary>The number of the first weight of each part is a multiple of this.</summary>
    const int PartMultiple = StochasticSigns.GroupLength;

    /// <summary>Begins a call for the weights of one parameter.</summary>
    /// <returns>A value for every part of the call, such as the number of a draw.</returns>
    ulong BeginCall();

    /// <summary>
    /// Binarizes some weights of a call, to the values that <see cref="IBinarizer.Binarize"/> would give. Safe from any
    /// number of threads.
    /// </summary>
    /// <param name="weights">Latent weights from number <paramref name="first"/> of the parameter on.</param>
    /// <param name="destination">±<paramref name="bound"/>, of the same length.</param>
    /// <param name="bound">H, positive and finite.</param>
    /// <param name="first">The number of the first weight, a multiple of <see cref="PartMultiple"/>.</param>
    /// <param name="call">The value that <see cref="BeginCall"/> returned.</param>
    void BinarizePart(ReadOnlySpan<float> weights, Span<float> destination, float bound, int first, ulong call);
}

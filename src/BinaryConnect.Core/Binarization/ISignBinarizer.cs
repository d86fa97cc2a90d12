using BinaryConnect.Kernels.Random;

namespace BinaryConnect.Binarization;

/// <summary>
/// A binarizer that gives nothing but ±H, weight by weight, so that threads may share one call. Dense layers keep the
/// signs of its results alone.
/// </summary>
public interface ISignBinarizer : IBinarizer
{
    /// <summary>The first weight of each part is a multiple of so many.</summary>
    const int PartMultiple = StochasticSigns.GroupLength;

    /// <summary>Begins a call for the weights of one parameter.</summary>
    /// <returns>What the parts of the call are told, such as the number of a draw.</returns>
    ulong BeginCall();

    /// <summary>
    /// Binarizes some weights of a call: the same values as <see cref="IBinarizer.Binarize"/> would give for all. Safe
    /// from any number of threads.
    /// </summary>
    /// <param name="weights">Latent weights from number <paramref name="first"/> of the parameter on.</param>
    /// <param name="destination">±<paramref name="bound"/>, as many.</param>
    /// <param name="bound">H, positive and finite.</param>
    /// <param name="first">The number of the first weight, a multiple of <see cref="PartMultiple"/>.</param>
    /// <param name="call">What <see cref="BeginCall"/> gave.</param>
    void BinarizePart(ReadOnlySpan<float> weights, Span<float> destination, float bound, int first, ulong call);
}

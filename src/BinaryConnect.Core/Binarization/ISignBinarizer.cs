using BinaryConnect.Kernels.Random;

namespace BinaryConnect.Binarization;

/// <summary>
/// A binarizer that gives nothing but ±H, weight by weight, so that the parts of one call may go to several threads.
/// </summary>
internal interface ISignBinarizer : IBinarizer
{
    /// <summary>Begins a call and gives what its parts are told.</summary>
    ulong BeginCall();

    /// <summary>
    /// Binarizes the weights from number <paramref name="first"/> of the call on; a multiple of
    /// <see cref="StochasticSigns.GroupLength"/>. Safe from any number of threads.
    /// </summary>
    void BinarizePart(ReadOnlySpan<float> weights, Span<float> destination, float bound, int first, ulong call);
}

namespace BinaryConnect.Binarization;

/// <summary>
/// Gives latent values as they are, even to a parameter that has its own binarizer. It restores effective values that
/// were saved, and gives the real weights of evaluations.
/// </summary>
internal sealed class LatentValues : IBinarizer
{
    public void Binarize(ReadOnlySpan<float> weights, Span<float> destination, float bound = 1) => weights.CopyTo(destination);
}

namespace BinaryConnect.Binarization;

/// <summary>
/// Gives latent values as they are, even to a parameter that has its own binarizer. It restores effective values that
/// were saved.
/// </summary>
internal sealed class LatentValues : IBinarizer
{
    public void Binarize(ReadOnlySpan<float> weights, Span<float> destination, float bound = 1) => weights.CopyTo(destination);
}

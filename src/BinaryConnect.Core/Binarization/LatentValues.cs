namespace BinaryConnect.Binarization;

/// <summary>
/// Gives latent values as they are, even to a parameter with a binarizer of its own: to bring back effective values
/// that were saved.
/// </summary>
internal sealed class LatentValues : IBinarizer
{
    public void Binarize(ReadOnlySpan<float> weights, Span<float> destination, float bound = 1) => weights.CopyTo(destination);
}

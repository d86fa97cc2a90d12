namespace BinaryConnect.Binarization;

/// <summary>
/// Computes effective weights, which forward and backward use, from latent ones. Write your own for other quantizers:
/// any finite result is allowed. The gradient with respect to the result goes to the latent weights unchanged.
/// </summary>
public interface IBinarizer
{
    /// <summary>Effectively computes <c>destination[i] = binarized(weights[i])</c>.</summary>
    /// <param name="weights">The latent weights w.</param>
    /// <param name="destination">
    /// The effective weights, of the same length; the same span as <paramref name="weights"/>, or apart from it.
    /// </param>
    /// <param name="bound">
    /// H, the magnitude of a binarized weight and the bound of the latent ones; positive and finite.
    /// </param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive and finite.</exception>
    void Binarize(ReadOnlySpan<float> weights, Span<float> destination, float bound = 1);

    /// <summary>
    /// The number of calls that drew at random, to be saved or set; always 0 for a binarizer that does not draw. A run
    /// sets it to 0 when it begins, and to the saved number when it is resumed. A binarizer that draws must implement
    /// it, or its runs do not repeat.
    /// </summary>
    long Draws
    {
        get => 0;
        set { }
    }

    /// <summary>
    /// Whether the result depends on the bound; true unless overridden. If it does, latent weights are clipped to the
    /// bound. Weights that have such a binarizer of their own also take the scaling of rates.
    /// </summary>
    bool UsesBound => true;

    /// <summary>
    /// The binarizer that replaces this one after training: itself, unless it draws at random (paper, section 2.6, the
    /// first of the three ways).
    /// </summary>
    IBinarizer ForInference => this;
}

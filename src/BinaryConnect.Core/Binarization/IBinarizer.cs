namespace BinaryConnect.Binarization;

/// <summary>
/// Turns latent weights into the weights that forward and backward use. Write your own for other quantizers: any finite
/// result is allowed. The gradient with respect to the result goes to the latent weights unchanged.
/// </summary>
public interface IBinarizer
{
    /// <summary>Effectively computes <c>destination[i] = binarized(weights[i])</c>.</summary>
    /// <param name="weights">The latent weights w.</param>
    /// <param name="destination">The weights to propagate, as many; the same span as <paramref name="weights"/>, or apart from it.</param>
    /// <param name="bound">H, the magnitude of a binarized weight and the bound of the latent ones; positive and finite.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive and finite.</exception>
    void Binarize(ReadOnlySpan<float> weights, Span<float> destination, float bound = 1);

    /// <summary>
    /// How many calls have drawn at random, to be saved or set; 0, whatever it is set to, where nothing is drawn. A run
    /// sets it to 0 where it begins, and to the number saved where it is resumed. One that draws must implement it for
    /// its runs to repeat.
    /// </summary>
    long Draws
    {
        get => 0;
        set { }
    }

    /// <summary>
    /// Whether the result depends on the bound. Latent weights of one that does are clipped to the bound, and weights
    /// that have such a binarizer of their own take the scaling of rates. True unless overridden.
    /// </summary>
    bool UsesBound => true;

    /// <summary>
    /// What takes this binarizer's place once training is over: itself, unless it draws at random
    /// (paper, section 2.6, the first of the three ways).
    /// </summary>
    IBinarizer ForInference => this;
}

using System.Numerics.Tensors;
using BinaryConnect.Guards;

namespace BinaryConnect.Binarization;

/// <summary>
/// Clips latent weights to ±H: beyond it they could grow without any effect on their sign (paper, section 2.4).
/// </summary>
public static class WeightClip
{
    /// <summary>
    /// Effectively computes <c>weights[i] = min(max(weights[i], −bound), bound)</c>, in place (the tutorial's
    /// <c>clip</c>). NaN stays NaN.
    /// </summary>
    /// <param name="weights">The latent weights; never a bias.</param>
    /// <param name="bound">H, positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive and finite.</exception>
    public static void Clip(Span<float> weights, float bound = 1)
    {
        Guard.Positive(bound, nameof(bound));
        TensorPrimitives.Clamp(weights, -bound, bound, weights);
    }
}

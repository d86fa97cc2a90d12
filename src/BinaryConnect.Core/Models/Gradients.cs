using System.Numerics.Tensors;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.NarrowGemm;

namespace BinaryConnect.Models;

/// <summary>
/// The gradients of mean cross-entropy through softmax regression, as spans (the tutorial's <c>gradients(P, T, X)</c>).
/// Weights are [classes, features]. Nothing is allocated.
/// </summary>
public static class Gradients
{
    /// <summary>Effectively computes <c>G = (P − T)/n</c>, T being one-hot in the labels.</summary>
    /// <param name="probabilities">P, [n, c].</param>
    /// <param name="labels">The class of each row, [n], in [0, c).</param>
    /// <param name="logitsGradient">
    /// G, [n, c]; the same span as <paramref name="probabilities"/>, or apart from it.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A length does not fit, a label is out of range, there are no rows, or the spans overlap in part.
    /// </exception>
    public static void Logits(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels, Span<float> logitsGradient)
    {
        int classes = Guard.Classes(probabilities.Length, labels, nameof(probabilities));
        Guard.Length(logitsGradient.Length, probabilities.Length, nameof(logitsGradient), "the length of 'probabilities'");
        Guard.SameOrDisjoint(logitsGradient, probabilities, nameof(logitsGradient), nameof(probabilities));
        float share = 1f / labels.Length;
        TensorPrimitives.Multiply(probabilities, share, logitsGradient);
        for (int i = 0; i < labels.Length; i++) logitsGradient[i * classes + labels[i]] -= share;
    }

    /// <summary>Effectively computes <c>grad_W = Gᵀ·X</c>, that is Σ_i G[i, k] · X[i, j] at [k, j].</summary>
    /// <param name="features">X, [n, f].</param>
    /// <param name="logitsGradient">G, [n, c].</param>
    /// <param name="weightGradient">grad_W, [c, f]; apart from the inputs.</param>
    /// <param name="classes">c, at least 1.</param>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit together, or the result overlaps an input.
    /// </exception>
    public static void Weights(
        ReadOnlySpan<float> features, ReadOnlySpan<float> logitsGradient, Span<float> weightGradient, int classes)
    {
        Guard.AtLeast(classes, 1, nameof(classes));
        int rows = Guard.Rows(logitsGradient.Length, classes, nameof(logitsGradient), nameof(classes));
        int featureCount = Guard.Rows(weightGradient.Length, classes, nameof(weightGradient), nameof(classes));
        Guard.AtLeast(featureCount, 1, "weightGradient.Length / classes");
        Guard.Area(features.Length, rows, featureCount, nameof(features), "rows times features");
        Guard.Disjoint(weightGradient, features, nameof(weightGradient), nameof(features));
        Guard.Disjoint(weightGradient, logitsGradient, nameof(weightGradient), nameof(logitsGradient));
        NarrowGemm.TransposeMultiply(logitsGradient, features, weightGradient, featureCount);
    }

    /// <summary>Effectively computes <c>grad_b = Σ_i G[i]</c>.</summary>
    /// <param name="logitsGradient">G, [n, c].</param>
    /// <param name="biasGradient">grad_b, [c], c ≥ 1; apart from the input.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together, or the spans overlap.</exception>
    public static void Bias(ReadOnlySpan<float> logitsGradient, Span<float> biasGradient)
    {
        Guard.AtLeast(biasGradient.Length, 1, "biasGradient.Length");
        Guard.Rows(logitsGradient.Length, biasGradient.Length, nameof(logitsGradient), "biasGradient.Length");
        Guard.Disjoint(biasGradient, logitsGradient, nameof(biasGradient), nameof(logitsGradient));
        ShortRows.Sum(logitsGradient, biasGradient);
    }
}

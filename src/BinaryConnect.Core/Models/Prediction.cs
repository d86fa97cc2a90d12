using System.Numerics.Tensors;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.NarrowGemm;

namespace BinaryConnect.Models;

/// <summary>The most probable class of one row. Its work space is the stack of the caller's thread.</summary>
internal static class Prediction
{
    // Their logits, and the best one before them, take a kilobyte.
    private const int ClassesAtOnce = 255;

    /// <summary>
    /// Effectively computes argmax_k scale · Σ_j x[j] · w[k, j] + b[k], the first of equals, or of NaN.
    /// </summary>
    public static int Of(ReadOnlySpan<float> features, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, float scale)
    {
        Span<float> logits = stackalloc float[1 + ClassesAtOnce];
        logits[0] = float.NegativeInfinity;
        int best = 0;
        for (int start = 0; start < bias.Length; start += ClassesAtOnce)
        {
            int count = Math.Min(ClassesAtOnce, bias.Length - start);
            ReadOnlySpan<float> rows = weights.Slice(start * features.Length, count * features.Length);
            Span<float> some = logits.Slice(1, count);
            NarrowGemm.MultiplyTransposed(features, rows, some, features.Length);
            ShortRows.ScaleAndAdd(some, scale, bias.Slice(start, count));

            // The best logit so far stands first, and so stays the best where a later one is equal.
            int index = TensorPrimitives.IndexOfMax<float>(logits[..(1 + count)]);
            if (index == 0) continue;
            best = start + index - 1;
            logits[0] = logits[index];
        }

        return best;
    }
}

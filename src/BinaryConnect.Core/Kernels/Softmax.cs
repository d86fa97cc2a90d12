using System.Numerics.Tensors;

namespace BinaryConnect.Kernels;

/// <summary>The softmax of every row, the row's maximum subtracted first.</summary>
internal static class Softmax
{
    /// <summary>Effectively computes probabilities[i, k] = exp(z[i, k] − max_i) / Σ_k exp(z[i, k] − max_i). The spans are the same or apart.</summary>
    public static void Rows(ReadOnlySpan<float> logits, int classes, Span<float> probabilities)
    {
        ShiftedExponentials(logits, classes, probabilities);
        for (int i = 0; i < logits.Length; i += classes)
        {
            Span<float> row = probabilities.Slice(i, classes);
            TensorPrimitives.Divide(row, Kernels.Rows.Sum(row), row);
        }
    }

    /// <summary>Effectively computes exponentials[i, k] = exp(z[i, k] − max_i): each row has a 1 (to rounding), none overflows.</summary>
    public static void ShiftedExponentials(ReadOnlySpan<float> logits, int classes, Span<float> exponentials)
    {
        for (int i = 0; i < logits.Length; i += classes)
        {
            ReadOnlySpan<float> row = logits.Slice(i, classes);
            Kernels.Rows.Subtract(row, Kernels.Rows.Max(row), exponentials.Slice(i, classes));
        }

        TensorPrimitives.Exp(exponentials, exponentials);
    }
}

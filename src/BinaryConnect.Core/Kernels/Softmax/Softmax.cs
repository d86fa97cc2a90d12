using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using BinaryConnect.Kernels.Elementwise;

namespace BinaryConnect.Kernels.Softmax;

/// <summary>The softmax of the rows of [n, classes], with each row's maximum subtracted first.</summary>
internal static class Softmax
{
    /// <summary>The most rows of one call of <see cref="Some"/>.</summary>
    public const int MostRows = 128;

    // Wider rows fill registers by themselves, and their transpose would take too much stack.
    private const int MostColumns = 32;

    /// <summary>
    /// Effectively computes probabilities[i, k] = exp(z[i, k] − max_i) / Σ_k exp(z[i, k] − max_i). The spans are the
    /// same or do not overlap.
    /// </summary>
    public static void Rows(ReadOnlySpan<float> logits, int classes, Span<float> probabilities)
    {
        Span<float> maxima = stackalloc float[MostRows], sums = stackalloc float[MostRows];
        while (!logits.IsEmpty)
        {
            int rows = Math.Min(MostRows, logits.Length / classes), length = rows * classes;
            Some(logits[..length], 1, probabilities[..length], maxima[..rows], sums[..rows]);
            logits = logits[length..];
            probabilities = probabilities[length..];
        }
    }

    /// <summary>
    /// Effectively computes, for at most <see cref="MostRows"/> rows z, maxima[i] = max_k z[i, k],
    /// sums[i] = Σ_k exp(z[i, k] − maxima[i]) and destination[i, k] = factor · exp(z[i, k] − maxima[i]) / sums[i]. An
    /// empty destination is not written.
    /// </summary>
    [SkipLocalsInit]
    public static void Some(
        ReadOnlySpan<float> logits, float factor, Span<float> destination, Span<float> maxima, Span<float> sums)
    {
        int rows = sums.Length, classes = logits.Length / rows;
        if (classes > MostColumns)
        {
            for (int i = 0; i < rows; i++)
                Row(logits.Slice(i * classes, classes), factor, destination, i, out maxima[i], out sums[i]);
            return;
        }

        Span<float> columns = stackalloc float[logits.Length];
        Transposition.Transpose(logits, columns, classes);
        SoftmaxColumns.Run(columns, factor, maxima, sums);
        if (!destination.IsEmpty) Transposition.Transpose(columns, destination, rows);
    }

    // Adds the float sums of short blocks in double: one long float sum would lose small terms.
    [SkipLocalsInit]
    private static void Row(
        ReadOnlySpan<float> logits, float factor, Span<float> destination, int row, out float maximum, out float sum)
    {
        maximum = TensorPrimitives.Max(logits);
        Span<float> target = destination.IsEmpty ? default : destination.Slice(row * logits.Length, logits.Length);
        Span<float> rest = target;
        Span<float> scratch = stackalloc float[MostRows];
        double total = 0;
        while (!logits.IsEmpty)
        {
            int some = Math.Min(MostRows, logits.Length);
            total += SoftmaxRow.Exponentials(logits[..some], maximum, rest.IsEmpty ? scratch : rest[..some]);
            logits = logits[some..];
            if (!rest.IsEmpty) rest = rest[some..];
        }

        sum = (float)total;
        if (!target.IsEmpty) TensorPrimitives.Multiply(target, factor / sum, target);
    }
}

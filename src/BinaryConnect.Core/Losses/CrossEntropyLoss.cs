using System.Numerics.Tensors;
using BinaryConnect.Guards;
using BinaryConnect.Kernels;

namespace BinaryConnect.Losses;

/// <summary>
/// Softmax cross-entropy, L = −(1/n) Σ_i log P[i, label_i], computed from logits by log-sum-exp; the tutorial's
/// <c>ce_loss</c> without its NaN. Finite logits always give a finite loss.
/// </summary>
public sealed class CrossEntropyLoss : ILoss
{
    private const int Chunk = 256;

    /// <summary>Effectively computes <c>(1/n) Σ_i [log Σ_k exp(z[i, k]) − z[i, label_i]]</c>, each row's maximum subtracted first.</summary>
    /// <inheritdoc/>
    public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        int classes = Classes(logits, labels, nameof(logits));
        double loss = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> row = logits.Slice(i * classes, classes);
            float maximum = TensorPrimitives.Max(row);
            loss += Math.Log(SumOfExponentials(row, maximum)) + ((double)maximum - row[labels[i]]);
        }

        return loss / labels.Length;
    }

    /// <summary>
    /// Effectively computes the loss, and <c>dL/dz = (softmax(z) − T)/n</c>, T being one-hot in the labels.
    /// </summary>
    /// <inheritdoc/>
    public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> logitsGradient)
    {
        int classes = Classes(logits, labels, nameof(logits));
        Guard.Length(logitsGradient.Length, logits.Length, nameof(logitsGradient), "the length of 'logits'");
        Guard.Disjoint(logitsGradient, logits, nameof(logitsGradient), nameof(logits));
        float share = 1f / labels.Length;
        double loss = 0;
        Span<float> maxima = stackalloc float[Chunk], sums = stackalloc float[Chunk];
        for (int start = 0; start < labels.Length; start += Chunk)
        {
            int rows = Math.Min(Chunk, labels.Length - start), from = start * classes, length = rows * classes;
            loss += AddChunk(logits.Slice(from, length), labels.Slice(start, rows), logitsGradient.Slice(from, length), maxima[..rows], sums[..rows], share);
        }

        return loss / labels.Length;
    }

    // The sum of losses of some rows. The logarithms of all their sums are one vector operation.
    private static double AddChunk(
        ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> gradient, Span<float> maxima, Span<float> sums, float share)
    {
        int classes = logits.Length / labels.Length;
        double loss = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> row = logits.Slice(i * classes, classes);
            maxima[i] = Rows.Max(row);
            loss += (double)maxima[i] - row[labels[i]];
            Rows.Subtract(row, maxima[i], gradient.Slice(i * classes, classes));
        }

        TensorPrimitives.Exp(gradient, gradient);
        for (int i = 0; i < labels.Length; i++)
        {
            Span<float> row = gradient.Slice(i * classes, classes);
            sums[i] = Rows.Sum(row);
            Rows.Multiply(row, share / sums[i]);
            row[labels[i]] -= share;
        }

        TensorPrimitives.Log(sums, sums);
        return loss + TensorPrimitives.Sum<float>(sums);
    }

    /// <summary>Effectively computes <c>−(1/n) Σ_i log P[i, label_i]</c>; +∞ where such a probability is 0.</summary>
    /// <param name="probabilities">P, [n, c]; none negative, NaN or infinite.</param>
    /// <param name="labels">The class of each row, [n], n ≥ 1, in [0, c).</param>
    /// <returns>The loss, averaged over rows.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit together, a label is out of range or a probability is negative, NaN or infinite.</exception>
    public static double FromProbabilities(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels)
    {
        int classes = Classes(probabilities, labels, nameof(probabilities));
        CheckDistribution(probabilities, nameof(probabilities));
        double loss = 0;
        for (int i = 0; i < labels.Length; i++) loss -= Math.Log(probabilities[i * classes + labels[i]]);
        return loss / labels.Length;
    }

    /// <summary>
    /// Effectively computes <c>−(1/n) Σ_ik T[i, k] · log P[i, k]</c> with 0 · log 0 = 0 (the tutorial's <c>ce_loss(P, T)</c>);
    /// +∞ where a probability is 0 and its target is not.
    /// </summary>
    /// <param name="probabilities">P, [n, c]; none negative, NaN or infinite.</param>
    /// <param name="targets">T, [n, c], one-hot or any distribution; none negative, NaN or infinite.</param>
    /// <param name="classes">c, at least 1.</param>
    /// <returns>The loss, averaged over rows.</returns>
    /// <exception cref="ArgumentException">There are no rows, the lengths do not fit together, or a value is negative, NaN or infinite.</exception>
    public static double FromProbabilities(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> targets, int classes)
    {
        Guard.AtLeast(classes, 1, nameof(classes));
        int rows = Guard.Rows(probabilities.Length, classes, nameof(probabilities), nameof(classes));
        Guard.AtLeast(rows, 1, "probabilities.Length / classes");
        Guard.Length(targets.Length, probabilities.Length, nameof(targets), "the length of 'probabilities'");
        CheckDistribution(probabilities, nameof(probabilities));
        CheckDistribution(targets, nameof(targets));
        double loss = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i] > 0) loss -= targets[i] * Math.Log(probabilities[i]);
        }

        return loss / rows;
    }

    private static int Classes(ReadOnlySpan<float> values, ReadOnlySpan<int> labels, string name)
    {
        Guard.AtLeast(labels.Length, 1, "labels.Length");
        int classes = Guard.Rows(values.Length, labels.Length, name, "labels.Length");
        Guard.Labels(labels, classes, nameof(labels));
        return classes;
    }

    private static double SumOfExponentials(ReadOnlySpan<float> row, float maximum)
    {
        Span<float> chunk = stackalloc float[Chunk];
        double sum = 0;
        for (; row.Length > 0; row = row[Math.Min(Chunk, row.Length)..])
        {
            Span<float> part = chunk[..Math.Min(Chunk, row.Length)];
            TensorPrimitives.Subtract(row[..part.Length], maximum, part);
            TensorPrimitives.Exp(part, part);
            sum += TensorPrimitives.Sum<float>(part);
        }

        return sum;
    }

    private static void CheckDistribution(ReadOnlySpan<float> values, string name)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= 0 && float.IsFinite(values[i])))
                throw new ArgumentException($"'{name}' has {values[i]} at {i:N0}; it must be zero or positive, and finite.", name);
        }
    }
}

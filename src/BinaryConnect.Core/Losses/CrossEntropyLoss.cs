using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using BinaryConnect.Guards;
using BinaryConnect.Kernels;
using BinaryConnect.Settings;

namespace BinaryConnect.Losses;

/// <summary>
/// Softmax cross-entropy, L = −(1/n) Σ_i log P[i, label_i], computed from logits by log-sum-exp; the tutorial's
/// <c>ce_loss</c> without its NaN. Finite logits always give a finite loss.
/// </summary>
public sealed class CrossEntropyLoss : ILoss, IDescribable
{
    private const int Chunk = 128;
    private const int MostColumns = 32;

    /// <summary>Effectively computes <c>(1/n) Σ_i [log Σ_k exp(z[i, k]) − z[i, label_i]]</c>, each row's maximum subtracted first.</summary>
    /// <inheritdoc/>
    public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        int classes = Guard.Classes(logits.Length, labels, nameof(logits));
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
    /// Effectively computes the loss, and <c>dL/dz = (softmax(z) − T)/n</c>, T being one-hot in the labels. A logit more than 64 below its row's largest
    /// has the probability 0: e⁻⁶⁴ would add nothing, and still smaller numbers keep some processors busy. Of up to 32 classes, exponentials are
    /// within 2⁻²² of their value.
    /// </summary>
    /// <inheritdoc/>
    public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> logitsGradient)
    {
        int classes = Guard.Classes(logits.Length, labels, nameof(logits));
        Guard.Length(logitsGradient.Length, logits.Length, nameof(logitsGradient), "the length of 'logits'");
        Guard.Disjoint(logitsGradient, logits, nameof(logitsGradient), nameof(logits));
        float share = 1f / labels.Length;
        double loss = 0;
        for (int start = 0; start < labels.Length; start += Chunk)
        {
            int rows = Math.Min(Chunk, labels.Length - start), from = start * classes, length = rows * classes;
            ReadOnlySpan<float> z = logits.Slice(from, length);
            Span<float> gradient = logitsGradient.Slice(from, length);
            loss += classes <= MostColumns
                ? AddColumns(z, labels.Slice(start, rows), gradient, share)
                : AddRows(z, labels.Slice(start, rows), gradient, share);
        }

        return loss / labels.Length;
    }

    // The sum of losses of some rows of few classes. They are turned, so that registers run along the rows: a register across
    // ten classes would be filled in part, and summed across its lanes. Every float of the stack is written before it is read.
    [SkipLocalsInit]
    private static double AddColumns(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> gradient, float share)
    {
        int rows = labels.Length, classes = logits.Length / rows;
        Span<float> columns = stackalloc float[logits.Length], maxima = stackalloc float[rows], ofLabels = stackalloc float[rows], sums = stackalloc float[rows];
        Transposition.Transpose(logits, columns, classes);
        CrossEntropyColumns.Run(columns, labels, share, maxima, ofLabels, sums);
        Transposition.Transpose(columns, gradient, rows);
        return CrossEntropyColumns.SumOfLosses(maxima, ofLabels, sums);
    }

    // The same, row by row.
    private static double AddRows(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> gradient, float share)
    {
        int classes = logits.Length / labels.Length;
        double loss = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> z = logits.Slice(i * classes, classes);
            Span<float> row = gradient.Slice(i * classes, classes);
            float maximum = TensorPrimitives.Max(z);
            TensorPrimitives.Subtract(z, maximum, row);
            Negligible.Logits(row);
            TensorPrimitives.Exp(row, row);
            float sum = TensorPrimitives.Sum<float>(row);
            TensorPrimitives.Multiply(row, share / sum, row);
            row[labels[i]] -= share;
            loss += Math.Log(sum) + ((double)maximum - z[labels[i]]);
        }

        return loss;
    }

    string IDescribable.Kind => "cross_entropy";

    void IDescribable.Describe(SettingsWriter to)
    {
    }

    /// <summary>Effectively computes <c>−(1/n) Σ_i log P[i, label_i]</c>; +∞ where such a probability is 0.</summary>
    /// <param name="probabilities">P, [n, c]; none negative, NaN or infinite.</param>
    /// <param name="labels">The class of each row, [n], n ≥ 1, in [0, c).</param>
    /// <returns>The loss, averaged over rows.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit together, a label is out of range or a probability is negative, NaN or infinite.</exception>
    public static double FromProbabilities(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels)
    {
        int classes = Guard.Classes(probabilities.Length, labels, nameof(probabilities));
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

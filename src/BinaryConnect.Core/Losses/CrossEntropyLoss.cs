using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Softmax;
using BinaryConnect.Settings;

namespace BinaryConnect.Losses;

/// <summary>
/// Softmax cross-entropy from logits: L = −(1/n) Σ_i log P[i, label_i], computed by log-sum-exp. This is the tutorial's
/// <c>ce_loss</c> without its NaN: finite logits always give a finite loss.
/// </summary>
/// <remarks>
/// With class weights w, each row's term is multiplied by the weight of its label:
/// L = −(1/n) Σ_i w[label_i] · log P[i, label_i]. The sum is divided by the number of rows, n, so that the loss of a
/// data set is the mean of the losses of equal parts. PyTorch divides by Σ_i w[label_i] instead. The two are the same
/// where the weights of the labels have the mean 1, as balanced weights do over their data set.
/// </remarks>
public sealed class CrossEntropyLoss : ILoss, IDescribable, IClassWeighted
{
    // A sum of exponentials is below 2³¹, so the product stays finite.
    private const double LargeProduct = 1e200;

    private readonly float[]? _weights;

    /// <summary>Creates the loss.</summary>
    /// <param name="classWeights">
    /// The weight of each class, [c], finite and not negative, at least one above 0; copied. Null for none.
    /// <c>Dataset.BalancedClassWeights</c> gives weights by which rare classes count as much as others.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There is no weight, one is negative, NaN or infinite, or all are 0.
    /// </exception>
    public CrossEntropyLoss(IReadOnlyList<float>? classWeights = null)
    {
        _weights = Losses.ClassWeights.Copy(classWeights, nameof(classWeights));
        ClassWeights = _weights is null ? null : Array.AsReadOnly(_weights);
    }

    /// <summary>The weight of each class, [c]; null for none.</summary>
    public IReadOnlyList<float>? ClassWeights { get; }

    /// <summary>
    /// Effectively computes <c>(1/n) Σ_i [log Σ_k exp(z[i, k]) − z[i, label_i]]</c>, each term times
    /// <c>w[label_i]</c> with class weights. Each row's maximum is subtracted first. Class weights must be as many as
    /// there are classes.
    /// </summary>
    /// <inheritdoc/>
    public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        int classes = Guard.Classes(logits.Length, labels, nameof(logits));
        return Mean(logits, labels, classes, logitsGradient: default);
    }

    /// <summary>
    /// Effectively computes the loss, and <c>dL/dz = (softmax(z) − T)/n</c>, where T is one-hot in the labels. With
    /// class weights row i is multiplied by <c>w[label_i]</c>, and there must be as many weights as classes. A logit
    /// more than 64 below its row's largest has the probability 0. e⁻⁶⁴ would add nothing to the sum, and smaller
    /// numbers slow down some processors. The relative error of an exponential is at most 2⁻²².
    /// </summary>
    /// <inheritdoc/>
    public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> logitsGradient)
    {
        int classes = Guard.Classes(logits.Length, labels, nameof(logits));
        Guard.Length(logitsGradient.Length, logits.Length, nameof(logitsGradient), "the length of 'logits'");
        Guard.Disjoint(logitsGradient, logits, nameof(logitsGradient), nameof(logits));
        return Mean(logits, labels, classes, logitsGradient);
    }

    // An empty gradient is not computed.
    [SkipLocalsInit]
    private double Mean(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, int classes, Span<float> logitsGradient)
    {
        if (_weights is not null) Losses.ClassWeights.Check(_weights, classes);
        float share = 1f / labels.Length;
        Span<float> maxima = stackalloc float[Softmax.MostRows], sums = stackalloc float[Softmax.MostRows];
        double loss = 0;
        for (int start = 0, rows; start < labels.Length; start += rows)
        {
            rows = Math.Min(Softmax.MostRows, labels.Length - start);
            Range some = (start * classes)..((start + rows) * classes);
            Span<float> gradient = logitsGradient.IsEmpty ? default : logitsGradient[some];
            Softmax.Some(logits[some], share, gradient, maxima[..rows], sums[..rows]);
            ReadOnlySpan<int> its = labels.Slice(start, rows);
            loss += _weights is null
                ? Labels(logits[some], its, gradient, share, maxima, sums)
                : WeightedLabels(logits[some], its, gradient, share, maxima, sums, _weights);
        }

        return loss / labels.Length;
    }

    // Effectively computes Σ_i log sums[i] + maxima[i] − z[i, label_i], and subtracts share from each label's gradient.
    private static double Labels(
        ReadOnlySpan<float> z, ReadOnlySpan<int> labels, Span<float> gradient, float share,
        ReadOnlySpan<float> maxima, ReadOnlySpan<float> sums)
    {
        int classes = z.Length / labels.Length;
        double loss = 0, product = 1;
        for (int i = 0; i < labels.Length; i++)
        {
            int label = i * classes + labels[i];
            loss += (double)maxima[i] - z[label];
            product *= sums[i];
            if (!gradient.IsEmpty) gradient[label] -= share;

            // One logarithm serves many rows: each sum is from 1 to the number of classes.
            if (product < LargeProduct) continue;
            loss += Math.Log(product);
            product = 1;
        }

        return loss + Math.Log(product);
    }

    // Effectively computes Σ_i w_i · (log sums[i] + maxima[i] − z[i, label_i]) with w_i = weights[label_i]. It
    // subtracts share from each label's gradient, and multiplies row i by w_i.
    private static double WeightedLabels(
        ReadOnlySpan<float> z, ReadOnlySpan<int> labels, Span<float> gradient, float share,
        ReadOnlySpan<float> maxima, ReadOnlySpan<float> sums, ReadOnlySpan<float> weights)
    {
        int classes = z.Length / labels.Length;
        double loss = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            int label = labels[i];
            loss += weights[label] * (Math.Log(sums[i]) + maxima[i] - z[i * classes + label]);
            if (gradient.IsEmpty) continue;
            Span<float> row = gradient.Slice(i * classes, classes);
            row[label] -= share;
            TensorPrimitives.Multiply(row, weights[label], row);
        }

        return loss;
    }

    string IDescribable.Kind => "cross_entropy";

    // Without weights nothing is written, so that checkpoints of such a loss stay valid.
    void IDescribable.Describe(SettingsWriter to)
    {
        if (_weights is not null) to.Write("class_weights", Losses.ClassWeights.Text(_weights));
    }

    /// <summary>Effectively computes <c>−(1/n) Σ_i log P[i, label_i]</c>; +∞ where such a probability is 0.</summary>
    /// <param name="probabilities">P, [n, c]; none negative, NaN or infinite.</param>
    /// <param name="labels">The class of each row, [n], n ≥ 1, in [0, c).</param>
    /// <returns>The loss, averaged over rows.</returns>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit together, a label is out of range, or a probability is negative, NaN or infinite.
    /// </exception>
    public static double FromProbabilities(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels)
    {
        int classes = Guard.Classes(probabilities.Length, labels, nameof(probabilities));
        CheckDistribution(probabilities, nameof(probabilities));
        double loss = 0;
        for (int i = 0; i < labels.Length; i++) loss -= Math.Log(probabilities[i * classes + labels[i]]);
        return loss / labels.Length;
    }

    /// <summary>
    /// Effectively computes <c>−(1/n) Σ_ik T[i, k] · log P[i, k]</c> with 0 · log 0 = 0 (the tutorial's
    /// <c>ce_loss(P, T)</c>); +∞ where a probability is 0 and its target is not.
    /// </summary>
    /// <param name="probabilities">P, [n, c]; none negative, NaN or infinite.</param>
    /// <param name="targets">T, [n, c], one-hot or any distribution; none negative, NaN or infinite.</param>
    /// <param name="classes">c, at least 1.</param>
    /// <returns>The loss, averaged over rows.</returns>
    /// <exception cref="ArgumentException">
    /// There are no rows, the lengths do not fit together, or a value is negative, NaN or infinite.
    /// </exception>
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

    private static void CheckDistribution(ReadOnlySpan<float> values, string name)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= 0 && float.IsFinite(values[i])))
                throw new ArgumentException(
                    $"'{name}' has {values[i]} at {i:N0}; it must be zero or positive, and finite.", name);
        }
    }
}

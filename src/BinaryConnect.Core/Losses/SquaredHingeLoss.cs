using System.Numerics.Tensors;
using BinaryConnect.Guards;
using BinaryConnect.Settings;
using static System.FormattableString;

namespace BinaryConnect.Losses;

/// <summary>
/// Squared hinge, the loss of an L2-SVM (paper, section 3.1): L = (1/n) Σ_i Σ_k max(0, 1 − t[i, k] · z[i, k])².
/// t is +1 for the label's class and −1 for every other. Finite logits always give a finite loss.
/// </summary>
/// <remarks>
/// With class weights w, each row's terms are multiplied by the weight of its label:
/// L = (1/n) Σ_i w[label_i] Σ_k max(0, 1 − t[i, k] · z[i, k])². The sum is divided by the number of rows, n, so that
/// the loss of a data set is the mean of the losses of equal parts.
/// </remarks>
public sealed class SquaredHingeLoss : ILoss, IDescribable, IClassWeighted
{
    // This many values stay in L1.
    private const int BlockLength = 512;

    private readonly float[]? _weights;

    /// <summary>Creates the loss.</summary>
    /// <param name="meanOverClasses">
    /// Whether the loss is also divided by the number of classes, c, as in the authors' later code.
    /// </param>
    /// <param name="classWeights">
    /// The weight of each class, [c], finite and not negative, at least one above 0; copied. Null for none.
    /// <c>Dataset.BalancedClassWeights</c> gives weights by which rare classes count as much as others.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There is no weight, one is negative, NaN or infinite, or all are 0.
    /// </exception>
    public SquaredHingeLoss(bool meanOverClasses = false, IReadOnlyList<float>? classWeights = null)
    {
        MeanOverClasses = meanOverClasses;
        _weights = Losses.ClassWeights.Copy(classWeights, nameof(classWeights));
        ClassWeights = _weights is null ? null : Array.AsReadOnly(_weights);
    }

    /// <summary>Whether the loss and its gradient are also divided by the number of classes.</summary>
    public bool MeanOverClasses { get; }

    /// <summary>The weight of each class, [c]; null for none.</summary>
    public IReadOnlyList<float>? ClassWeights { get; }

    /// <summary>
    /// Effectively computes <c>(1/d) Σ_ik max(0, 1 − t[i, k] · z[i, k])²</c>, the terms of row i times
    /// <c>w[label_i]</c> with class weights. d is n, or n · c with <see cref="MeanOverClasses"/>. A logit of NaN gives
    /// NaN. Class weights must be as many as there are classes.
    /// </summary>
    /// <inheritdoc/>
    public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        int classes = Guard.Classes(logits.Length, labels, nameof(logits));
        if (_weights is not null) return Weighted(logits, labels, classes, _weights, logitsGradient: default);
        Span<float> scratch = stackalloc float[BlockLength];
        double sum = 0;
        for (int start = 0, row = 0, length; start < logits.Length; start += length)
        {
            length = Math.Min(BlockLength, logits.Length - start);
            Span<float> violations = scratch[..length];
            row = SignedViolations(logits, labels, classes, start, row, violations);
            sum += SumOfSquares(violations);
        }

        return sum / Divisor(logits, labels);
    }

    /// <summary>
    /// Effectively computes the loss, and <c>dL/dz = −(2/d) · t · max(0, 1 − t · z)</c>, row i times <c>w[label_i]</c>
    /// with class weights, which must be as many as there are classes. d is n, or n · c with
    /// <see cref="MeanOverClasses"/>. A logit of NaN gives NaN in the loss and in its own gradient. A gradient beyond
    /// the range of float is infinite; without class weights this takes n = 1 and a logit of more than half that range.
    /// </summary>
    /// <inheritdoc/>
    public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> logitsGradient)
    {
        int classes = Guard.Classes(logits.Length, labels, nameof(logits));
        Guard.Length(logitsGradient.Length, logits.Length, nameof(logitsGradient), "the length of 'logits'");
        Guard.Disjoint(logitsGradient, logits, nameof(logitsGradient), nameof(logits));
        if (_weights is not null) return Weighted(logits, labels, classes, _weights, logitsGradient);
        int divisor = Divisor(logits, labels);
        double sum = 0;
        for (int start = 0, row = 0, length; start < logits.Length; start += length)
        {
            length = Math.Min(BlockLength, logits.Length - start);
            Span<float> violations = logitsGradient.Slice(start, length);
            row = SignedViolations(logits, labels, classes, start, row, violations);
            sum += SumOfSquares(violations);
            TensorPrimitives.Multiply(violations, 2f / divisor, violations);
        }

        return sum / divisor;
    }

    // Row by row, each in blocks. An empty gradient is not computed.
    private double Weighted(
        ReadOnlySpan<float> logits,
        ReadOnlySpan<int> labels,
        int classes,
        ReadOnlySpan<float> weights,
        Span<float> logitsGradient)
    {
        Losses.ClassWeights.Check(ClassWeights!, classes);
        Span<float> scratch = stackalloc float[BlockLength];
        int divisor = Divisor(logits, labels);
        double sum = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> row = logits.Slice(i * classes, classes);
            float weight = weights[labels[i]];
            for (int start = 0, label = 0, length; start < classes; start += length)
            {
                length = Math.Min(BlockLength, classes - start);
                Span<float> violations =
                    logitsGradient.IsEmpty ? scratch[..length] : logitsGradient.Slice(i * classes + start, length);
                label = SignedViolations(row, labels.Slice(i, 1), classes, start, label, violations);
                sum += weight * SumOfSquares(violations);
                if (!logitsGradient.IsEmpty) TensorPrimitives.Multiply(violations, 2 * weight / divisor, violations);
            }
        }

        return sum / divisor;
    }

    // Effectively computes violations[j] = −t · max(0, 1 − t · z) from the value 'start' on. Its square is a term of
    // the loss, its double that term's derivative. All are computed for t = −1, then each label's is corrected, so that
    // no term must be subtracted from a sum. 'row' is the first row whose label is at 'start' or later; the method
    // returns the next such row.
    private static int SignedViolations(
        ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, int classes, int start, int row, Span<float> violations)
    {
        TensorPrimitives.Add(logits.Slice(start, violations.Length), 1, violations);
        TensorPrimitives.Max(violations, 0, violations);
        for (; row < labels.Length; row++)
        {
            int label = row * classes + labels[row];
            if (label - start >= violations.Length) break;
            violations[label - start] = MathF.Min(0, logits[label] - 1);
        }

        return row;
    }

    // In double precision no square of a float overflows, and a large term does not absorb a small one.
    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        Span<double> wide = stackalloc double[values.Length];
        TensorPrimitives.ConvertTruncating(values, wide);
        return TensorPrimitives.SumOfSquares<double>(wide);
    }

    private int Divisor(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels) => MeanOverClasses ? logits.Length : labels.Length;

    string IDescribable.Kind => "squared_hinge";

    // Weights are written only if there are some, so that checkpoints of a loss without them stay valid.
    void IDescribable.Describe(SettingsWriter to)
    {
        to.Write("mean_over_classes", MeanOverClasses);
        if (_weights is not null) to.Write("class_weights", Losses.ClassWeights.Text(_weights));
    }

    /// <summary>
    /// Kind and settings: "SquaredHingeLoss(meanOverClasses: False)", with class weights where there are some.
    /// </summary>
    public override string ToString()
    {
        string weights = _weights is null ? "" : $", classWeights: {Losses.ClassWeights.Text(_weights)}";
        return Invariant($"{nameof(SquaredHingeLoss)}(meanOverClasses: {MeanOverClasses}{weights})");
    }
}

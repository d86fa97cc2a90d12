using System.Globalization;
using BinaryConnect.Guards;

namespace BinaryConnect.Training.Metrics;

/// <summary>
/// How many rows of each class were predicted as each class: counts [c, c], with a row for each true class and a column
/// for each predicted one. Immutable. Two matrices of the same counts are equal.
/// </summary>
public sealed class ConfusionMatrix : IEquatable<ConfusionMatrix>
{
    /// <summary>The most classes of an evaluation that has a confusion matrix.</summary>
    public const int MostClasses = 256;

    private readonly int[] _counts;

    /// <summary>Takes counts.</summary>
    /// <param name="classCount">c, at least 1.</param>
    /// <param name="counts">
    /// [c, c] row-major: the rows of each true class, by predicted class; none negative. Copied.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="counts"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> is below 1.</exception>
    /// <exception cref="ArgumentException">
    /// The length of <paramref name="counts"/> is not c · c, a count is negative, or their sum is above 2³¹ − 1.
    /// </exception>
    public ConfusionMatrix(int classCount, IReadOnlyList<int> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        Guard.AtLeast(classCount, 1, nameof(classCount));
        int[] copy = [.. counts];
        Guard.Area(copy.Length, classCount, classCount, nameof(counts), "a count for each pair of classes");
        long sum = 0;
        for (int i = 0; i < copy.Length; i++)
        {
            if (copy[i] < 0)
                throw new ArgumentException(
                    $"'counts' has {copy[i]:N0} at {i:N0}; a count must not be negative.", nameof(counts));
            sum += copy[i];
        }

        if (sum > int.MaxValue)
            throw new ArgumentException($"'counts' has the sum {sum:N0}; it must be at most {int.MaxValue:N0}.", nameof(counts));
        ClassCount = classCount;
        Count = (int)sum;
        _counts = copy;
        Counts = Array.AsReadOnly(copy);
    }

    /// <summary>The number of classes, c.</summary>
    public int ClassCount { get; }

    /// <summary>The number of rows, n.</summary>
    public int Count { get; }

    /// <summary>All counts, [c, c] row-major.</summary>
    public IReadOnlyList<int> Counts { get; }

    /// <summary>The share of rows whose predicted class is the true one; 0 without rows.</summary>
    public double Accuracy
    {
        get
        {
            long correct = 0;
            for (int k = 0; k < ClassCount; k++) correct += this[k, k];
            return Share(correct, Count);
        }
    }

    /// <summary>
    /// The mean of <see cref="F1"/> over the classes that a row has or was predicted as; 0 without rows.
    /// </summary>
    public double MacroF1
    {
        get
        {
            double sum = 0;
            int classes = 0;
            for (int k = 0; k < ClassCount; k++)
            {
                if (RowsOf(k) + PredictionsOf(k) == 0) continue;
                sum += F1(k);
                classes++;
            }

            return classes == 0 ? 0 : sum / classes;
        }
    }

    /// <summary>How many rows of one class were predicted as another, or the same.</summary>
    /// <param name="trueClass">The class of the rows, in [0, c).</param>
    /// <param name="predictedClass">The class that was predicted, in [0, c).</param>
    /// <exception cref="ArgumentOutOfRangeException">A class is out of range.</exception>
    public int this[int trueClass, int predictedClass]
    {
        get
        {
            Check(trueClass, nameof(trueClass));
            Check(predictedClass, nameof(predictedClass));
            return _counts[trueClass * ClassCount + predictedClass];
        }
    }

    /// <summary>Counts predictions.</summary>
    /// <param name="labels">The class of each row, [n], in [0, c).</param>
    /// <param name="predictions">The predicted class of each row, [n], in [0, c).</param>
    /// <param name="classCount">c, from 1 to <see cref="MostClasses"/>.</param>
    /// <returns>The counts.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> is out of range.</exception>
    /// <exception cref="ArgumentException">The lengths differ, or a class is out of range.</exception>
    public static ConfusionMatrix Of(ReadOnlySpan<int> labels, ReadOnlySpan<int> predictions, int classCount)
    {
        Guard.AtLeast(classCount, 1, nameof(classCount));
        Guard.AtMost(classCount, MostClasses, nameof(classCount));
        Guard.Length(predictions.Length, labels.Length, nameof(predictions), "the length of 'labels'");
        Guard.Labels(labels, classCount, nameof(labels));
        Guard.Labels(predictions, classCount, nameof(predictions));
        int[] counts = new int[checked(classCount * classCount)];
        for (int i = 0; i < labels.Length; i++) counts[labels[i] * classCount + predictions[i]]++;
        return new ConfusionMatrix(classCount, counts);
    }

    /// <summary>
    /// The share of rows predicted as a class that are of that class: TP / (TP + FP); 0 if none was predicted as it.
    /// </summary>
    /// <param name="class">The class, in [0, c).</param>
    /// <returns>The precision, 0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="class"/> is out of range.</exception>
    public double Precision(int @class) => Share(this[@class, @class], PredictionsOf(@class));

    /// <summary>
    /// The share of rows of a class that were predicted as that class: TP / (TP + FN); 0 if there are none.
    /// </summary>
    /// <param name="class">The class, in [0, c).</param>
    /// <returns>The recall, 0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="class"/> is out of range.</exception>
    public double Recall(int @class) => Share(this[@class, @class], RowsOf(@class));

    /// <summary>
    /// The harmonic mean of precision and recall: 2 · TP / (2 · TP + FP + FN); 0 where no row has the class or was
    /// predicted as it.
    /// </summary>
    /// <param name="class">The class, in [0, c).</param>
    /// <returns>F1, 0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="class"/> is out of range.</exception>
    public double F1(int @class) => Share(2L * this[@class, @class], RowsOf(@class) + PredictionsOf(@class));

    /// <summary>Whether another matrix has the same counts.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True if it has.</returns>
    public bool Equals(ConfusionMatrix? other) => other is not null && _counts.AsSpan().SequenceEqual(other._counts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ConfusionMatrix);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int count in _counts) hash.Add(count);
        return hash.ToHashCode();
    }

    /// <summary>The counts, a line for each true class, with columns of equal width.</summary>
    public override string ToString()
    {
        int width = _counts.Max().ToString(CultureInfo.InvariantCulture).Length;
        IEnumerable<string> lines = _counts.Chunk(ClassCount).Select(row => string.Join(
            ' ', row.Select(count => count.ToString(CultureInfo.InvariantCulture).PadLeft(width))));
        return string.Join(Environment.NewLine, lines);
    }

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private long RowsOf(int @class)
    {
        long sum = 0;
        for (int k = 0; k < ClassCount; k++) sum += this[@class, k];
        return sum;
    }

    private long PredictionsOf(int @class)
    {
        long sum = 0;
        for (int k = 0; k < ClassCount; k++) sum += this[k, @class];
        return sum;
    }

    private void Check(int @class, string name)
    {
        if ((uint)@class >= (uint)ClassCount)
            throw new ArgumentOutOfRangeException(
                name, $"'{name}' is {@class:N0}; it must be at least 0 and below the class count, {ClassCount:N0}.");
    }
}

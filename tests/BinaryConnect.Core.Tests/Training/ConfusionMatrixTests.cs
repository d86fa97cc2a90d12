using System.Text.Json;
using BinaryConnect.Training.Metrics;

namespace BinaryConnect.Tests.Training;

internal sealed class ConfusionMatrixTests
{
    // Class 3 has no row, and was never predicted. Class 2 has rows, and was never predicted.
    private static readonly ConfusionMatrix Matrix = new(4, [6, 2, 0, 0, 1, 7, 0, 0, 3, 1, 0, 0, 0, 0, 0, 0]);

    [Test]
    public void Rows_are_true_classes_and_columns_predicted_ones()
    {
        var counted = ConfusionMatrix.Of([0, 0, 0, 1, 2, 2], [0, 1, 1, 1, 0, 2], 3);

        Assert.That(counted.Counts, Is.EqualTo(new[] { 1, 2, 0, 0, 1, 0, 1, 0, 1 }));
        Assert.That((counted[0, 1], counted[1, 0], counted[2, 0]), Is.EqualTo((2, 0, 1)));
        Assert.That((counted.ClassCount, counted.Count, counted.Accuracy), Is.EqualTo((3, 6, 0.5)));
    }

    [Test]
    public void Precision_recall_and_F1_are_those_of_their_formulas()
    {
        Assert.That((Matrix.Precision(0), Matrix.Precision(1)), Is.EqualTo((6.0 / 10, 7.0 / 10)));
        Assert.That((Matrix.Recall(0), Matrix.Recall(1)), Is.EqualTo((6.0 / 8, 7.0 / 8)));
        Assert.That((Matrix.F1(0), Matrix.F1(1)), Is.EqualTo((12.0 / 18, 14.0 / 18)));
        Assert.That(Matrix.MacroF1, Is.EqualTo((12.0 / 18 + 14.0 / 18) / 3));
        Assert.That((Matrix.Count, Matrix.Accuracy), Is.EqualTo((20, 13.0 / 20)));
    }

    [Test]
    public void What_has_no_rows_is_0()
    {
        foreach (int k in new[] { 2, 3 })
            Assert.That((Matrix.Precision(k), Matrix.Recall(k), Matrix.F1(k)), Is.EqualTo((0.0, 0.0, 0.0)));
        var empty = new ConfusionMatrix(2, new int[4]);
        Assert.That((empty.Count, empty.Accuracy, empty.MacroF1), Is.EqualTo((0, 0.0, 0.0)));
    }

    [Test]
    public void Matrices_of_the_same_counts_are_equal()
    {
        var same = new ConfusionMatrix(4, [.. Matrix.Counts]);

        Assert.That(same, Is.EqualTo(Matrix));
        Assert.That(same.GetHashCode(), Is.EqualTo(Matrix.GetHashCode()));
        Assert.That(new ConfusionMatrix(2, [1, 0, 0, 1]), Is.Not.EqualTo(new ConfusionMatrix(2, [1, 0, 1, 0])));
        Assert.That(Matrix.Equals((object?)null), Is.False);
    }

    [Test]
    public void It_is_written_as_lines_and_comes_back_from_JSON()
    {
        var matrix = new ConfusionMatrix(2, [10, 2, 0, 3]);

        Assert.That(matrix.ToString(), Is.EqualTo($"10  2{Environment.NewLine} 0  3"));
        Assert.That(JsonSerializer.Deserialize<ConfusionMatrix>(JsonSerializer.Serialize(matrix)), Is.EqualTo(matrix));
    }

    [Test]
    public void Counts_that_do_not_fit_are_refused()
    {
        Assert.That(
            () => new ConfusionMatrix(2, new int[3]),
            Throws.ArgumentException.With.Message.StartsWith(
                "'counts' has length 3; it must have a count for each pair of classes, 4."));
        Assert.That(
            () => new ConfusionMatrix(2, [0, 0, -1, 0]),
            Throws.ArgumentException.With.Message.StartsWith("'counts' has -1 at 2; a count must not be negative."));
        Assert.That(
            () => new ConfusionMatrix(2, [int.MaxValue, 0, 1, 0]),
            Throws.ArgumentException.With.Message.StartsWith(
                "'counts' has the sum 2,147,483,648; it must be at most 2,147,483,647."));
        Assert.That(
            () => ConfusionMatrix.Of([0, 1], [0], 2),
            Throws.ArgumentException.With.Message.StartsWith(
                "'predictions' has length 1; it must have the length of 'labels', 2."));
        Assert.That(
            () => ConfusionMatrix.Of([0], [2], 2),
            Throws.ArgumentException.With.Message.StartsWith("'predictions' has 2 at row 0;"));
        Assert.That(
            () => ConfusionMatrix.Of([0], [0], 257),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith("'classCount' is 257; it must be at most 256."));
        Assert.That(
            () => Matrix.Recall(4),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
                "'trueClass' is 4; it must be at least 0 and below the class count, 4."));
    }
}

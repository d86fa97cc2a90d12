using BinaryConnect.Losses;

namespace BinaryConnect.Tests.Losses;

internal sealed class SquaredHingeLossFaultTests
{
    private readonly SquaredHingeLoss _loss = new();

    [Test]
    public void No_rows_are_refused()
    {
        const string Message = "'labels.Length' is 0; it must be at least 1. (Parameter 'labels.Length')";
        Assert.That(() => _loss.Compute([1], []), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(Message));
        Assert.That(
            () => _loss.Compute([1], [], new float[1]),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(Message));
    }

    [Test]
    public void Ragged_rows_are_refused()
    {
        const string Message =
            "'logits' has length 3; it must be a whole number of rows of 'labels.Length', 2. (Parameter 'logits')";
        float[] three = [0, 1, 0];
        Assert.That(() => _loss.Compute(three, [0, 0]), Throws.ArgumentException.With.Message.EqualTo(Message));
        Assert.That(() => _loss.Compute(three, [0, 0], new float[3]), Throws.ArgumentException.With.Message.EqualTo(Message));
    }

    [Test]
    public void Rows_without_classes_are_refused()
    {
        const string Message =
            "'labels' has 0 at row 0; a label must be at least 0 and below the class count, 0. (Parameter 'labels')";
        Assert.That(() => _loss.Compute([], [0]), Throws.ArgumentException.With.Message.EqualTo(Message));
        Assert.That(() => _loss.Compute([], [0], []), Throws.ArgumentException.With.Message.EqualTo(Message));
    }

    [TestCase(-1)]
    [TestCase(2)]
    [TestCase(int.MaxValue)]
    [TestCase(int.MinValue)]
    public void Labels_out_of_range_are_refused_before_anything_is_written(int label)
    {
        string message =
            $"'labels' has {label} at row 1; a label must be at least 0 and below the class count, 2. (Parameter 'labels')";
        float[] logits = new float[4], gradient = [7, 7, 7, 7];
        int[] labels = [0, label];
        Assert.That(() => _loss.Compute(logits, labels), Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(() => _loss.Compute(logits, labels, gradient), Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(gradient, Is.All.EqualTo(7));
    }

    [Test]
    public void Gradient_must_have_the_logits_length_and_be_apart()
    {
        float[] three = new float[3];
        Assert.That(() => _loss.Compute(three, [0], new float[2]), Throws.ArgumentException.With.Message.EqualTo(
            "'logitsGradient' has length 2; it must have the length of 'logits', 3. (Parameter 'logitsGradient')"));
        Assert.That(() => _loss.Compute(three, [0], three), Throws.ArgumentException.With.Message.EqualTo(
            "'logitsGradient' overlaps 'logits'; the two must be apart. (Parameter 'logitsGradient')"));
        Assert.That(
            () => _loss.Compute(three.AsSpan(0, 2), [0], three.AsSpan(1, 2)), Throws.ArgumentException.With.Message.EqualTo(
                "'logitsGradient' overlaps 'logits'; the two must be apart. (Parameter 'logitsGradient')"));
    }
}

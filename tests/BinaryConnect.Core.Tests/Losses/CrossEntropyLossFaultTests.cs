using BinaryConnect.Losses;

namespace BinaryConnect.Tests.Losses;

internal sealed class CrossEntropyLossFaultTests
{
    private readonly CrossEntropyLoss _loss = new();

    [Test]
    public void No_rows_are_refused()
    {
        const string Message = "'labels.Length' is 0; it must be at least 1. (Parameter 'labels.Length')";
        Assert.That(() => _loss.Compute([1], []), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(Message));
        Assert.That(
            () => _loss.Compute([1], [], new float[1]),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(Message));
        Assert.That(
            () => CrossEntropyLoss.FromProbabilities([1], []),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(Message));
    }

    [Test]
    public void Ragged_rows_are_refused()
    {
        const string Rest = " has length 3; it must be a whole number of rows of 'labels.Length', 2. (Parameter ";
        float[] three = [0, 1, 0];
        Assert.That(
            () => _loss.Compute(three, [0, 0]), Throws.ArgumentException.With.Message.EqualTo($"'logits'{Rest}'logits')"));
        Assert.That(
            () => _loss.Compute(three, [0, 0], new float[3]),
            Throws.ArgumentException.With.Message.EqualTo($"'logits'{Rest}'logits')"));
        Assert.That(
            () => CrossEntropyLoss.FromProbabilities(three, [0, 0]),
            Throws.ArgumentException.With.Message.EqualTo($"'probabilities'{Rest}'probabilities')"));
    }

    [TestCase(-1)]
    [TestCase(2)]
    [TestCase(int.MaxValue)]
    public void Labels_out_of_range_are_refused(int label)
    {
        string message =
            $"'labels' has {label} at row 1; a label must be at least 0 and below the class count, 2. (Parameter 'labels')";
        float[] logits = new float[4];
        int[] labels = [0, label];
        Assert.That(() => _loss.Compute(logits, labels), Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(() => _loss.Compute(logits, labels, new float[4]), Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(
            () => CrossEntropyLoss.FromProbabilities(logits, labels), Throws.ArgumentException.With.Message.EqualTo(message));
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

    [TestCase(-0.25f, "-0.25")]
    [TestCase(float.NaN, "NaN")]
    public void Negative_values_are_refused(float value, string shown)
    {
        string message =
            $"'probabilities' has {shown} at 1; it must be zero or positive, and finite. (Parameter 'probabilities')";
        Assert.That(
            () => CrossEntropyLoss.FromProbabilities([1, value], [0]), Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(
            () => CrossEntropyLoss.FromProbabilities([1, value], [1, 0], 2),
            Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(
            () => CrossEntropyLoss.FromProbabilities([0, 1], [0, value], 2), Throws.ArgumentException.With.Message.EqualTo(
                $"'targets' has {shown} at 1; it must be zero or positive, and finite. (Parameter 'targets')"));
    }

    [Test]
    public void Targets_that_do_not_fit_are_refused()
    {
        Assert.That(
            () => CrossEntropyLoss.FromProbabilities([1], [1], 0),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'classes' is 0; it must be at least 1. (Parameter 'classes')"));
        Assert.That(() => CrossEntropyLoss.FromProbabilities([1], [1], 2), Throws.ArgumentException.With.Message.EqualTo(
            "'probabilities' has length 1; it must be a whole number of rows of 'classes', 2. (Parameter 'probabilities')"));
        Assert.That(
            () => CrossEntropyLoss.FromProbabilities([], [], 2),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'probabilities.Length / classes' is 0; it must be at least 1. (Parameter 'probabilities.Length / classes')"));
        Assert.That(() => CrossEntropyLoss.FromProbabilities([1, 0], [1], 2), Throws.ArgumentException.With.Message.EqualTo(
            "'targets' has length 1; it must have the length of 'probabilities', 2. (Parameter 'targets')"));
    }
}

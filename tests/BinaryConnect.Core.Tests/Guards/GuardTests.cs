using BinaryConnect.Guards;

namespace BinaryConnect.Tests.Guards;

internal sealed class GuardTests
{
    [Test]
    public void Length_states_what_it_is_and_what_it_must_be()
    {
        Assert.That(() => Guard.Length(7_840, 7_840, "destination", "the length of 'weights'"), Throws.Nothing);
        foreach (int actual in new[] { 7_839, 7_841 })
        {
            Assert.That(
                () => Guard.Length(actual, 7_840, "destination", "the length of 'weights'"),
                Throws.ArgumentException.With.Message.EqualTo(
                    $"'destination' has length {actual:N0}; it must have the length of 'weights', 7,840. "
                    + "(Parameter 'destination')"));
        }
    }

    [Test]
    public void Rows_counts_whole_rows_and_refuses_a_part_of_one()
    {
        Assert.That(Guard.Rows(12, 4, "features", "featureCount"), Is.EqualTo(3));
        Assert.That(Guard.Rows(0, 4, "features", "featureCount"), Is.Zero);
        foreach (int length in new[] { 1_567, 1_569 })
        {
            Assert.That(
                () => Guard.Rows(length, 784, "features", "featureCount"),
                Throws.ArgumentException.With.Message.EqualTo(
                    $"'features' has length {length:N0}; it must be a whole number of rows of 'featureCount', 784. "
                    + "(Parameter 'features')"));
        }
    }

    [Test]
    public void Area_is_a_product_of_any_size()
    {
        Assert.That(() => Guard.Area(6, 2, 3, "logits", "rows times classes"), Throws.Nothing);
        Assert.That(() => Guard.Area(0, 0, int.MaxValue, "logits", "rows times classes"), Throws.Nothing);
        foreach ((int actual, int rows, int columns, string expected) in new[]
        {
            (7, 2, 3, "6"), (0, 65_536, 65_536, "4,294,967,296"), (1, int.MaxValue, int.MaxValue, "4,611,686,014,132,420,609"),
        })
        {
            Assert.That(
                () => Guard.Area(actual, rows, columns, "logits", "rows times classes"),
                Throws.ArgumentException.With.Message.EqualTo(
                    $"'logits' has length {actual:N0}; it must have rows times classes, {expected}. (Parameter 'logits')"));
        }
    }

    [Test]
    public void Product_is_that_of_two_sizes_up_to_the_most()
    {
        Assert.That(Guard.Product(3, 4, 12, "fanIn", "fanOut"), Is.EqualTo(12));
        Assert.That(
            () => Guard.Product(3, 4, 11, "fanIn", "fanOut"),
            Throws.ArgumentException.With.Message.EqualTo(
                "'fanIn' times 'fanOut' is 12; it must be at most 11. (Parameter 'fanOut')"));
        Assert.That(
            () => Guard.Product(65_536, 65_537, int.MaxValue, "fanIn", "fanOut"),
            Throws.ArgumentException.With.Message.EqualTo(
                "'fanIn' times 'fanOut' is 4,295,032,832; it must be at most 2,147,483,647. (Parameter 'fanOut')"));
    }

    [Test]
    public void AtMost_takes_the_maximum_and_nothing_above()
    {
        Assert.That(() => Guard.AtMost(2, 2, "length"), Throws.Nothing);
        Assert.That(() => Guard.AtMost(int.MinValue, 2, "length"), Throws.Nothing);
        AssertRange(
            () => Guard.AtMost(3_000, 2_000, "length"), "'length' is 3,000; it must be at most 2,000. (Parameter 'length')");
    }

    [Test]
    public void AtLeast_takes_the_minimum_and_nothing_below()
    {
        Assert.That(() => Guard.AtLeast(2, 2, "classCount"), Throws.Nothing);
        Assert.That(() => Guard.AtLeast(int.MaxValue, 2, "classCount"), Throws.Nothing);
        AssertRange(
            () => Guard.AtLeast(1, 2, "classCount"), "'classCount' is 1; it must be at least 2. (Parameter 'classCount')");
        AssertRange(
            () => Guard.AtLeast(-1, 0, "classCount"), "'classCount' is -1; it must be at least 0. (Parameter 'classCount')");
    }

    [TestCase(float.Epsilon, true)]
    [TestCase(float.MaxValue, true)]
    [TestCase(0f, false)]
    [TestCase(-0f, false)]
    [TestCase(-float.Epsilon, false)]
    [TestCase(float.PositiveInfinity, false)]
    [TestCase(float.NegativeInfinity, false)]
    [TestCase(float.NaN, false)]
    public void Positive_takes_what_is_above_zero_and_finite(float value, bool accepted) =>
        AssertRange(
            () => Guard.Positive(value, "bound"),
            accepted ? null : $"'bound' is {value}; it must be positive and finite. (Parameter 'bound')");

    [TestCase(0f, true)]
    [TestCase(-0f, true)]
    [TestCase(float.MaxValue, true)]
    [TestCase(-float.Epsilon, false)]
    [TestCase(float.PositiveInfinity, false)]
    [TestCase(float.NegativeInfinity, false)]
    [TestCase(float.NaN, false)]
    public void NotNegative_takes_zero_and_what_is_above_and_finite(float value, bool accepted) =>
        AssertRange(
            () => Guard.NotNegative(value, "decay"),
            accepted ? null : $"'decay' is {value}; it must be zero or positive, and finite. (Parameter 'decay')");

    [TestCase(0f, true)]
    [TestCase(float.MaxValue, true)]
    [TestCase(float.MinValue, true)]
    [TestCase(float.PositiveInfinity, false)]
    [TestCase(float.NegativeInfinity, false)]
    [TestCase(float.NaN, false)]
    public void Finite_takes_every_number_but_infinity_and_NaN(float value, bool accepted) =>
        AssertRange(
            () => Guard.Finite(value, "shift"), accepted ? null : $"'shift' is {value}; it must be finite. (Parameter 'shift')");

    [TestCase(1f, true)]
    [TestCase(float.Epsilon, true)]
    [TestCase(0f, false)]
    [TestCase(-0.5f, false)]
    [TestCase(1.0000001f, false)]
    [TestCase(float.NaN, false)]
    public void Factor_takes_above_0_to_1(float value, bool accepted) =>
        AssertRange(
            () => Guard.Factor(value, "factor"),
            accepted ? null : $"'factor' is {value}; it must be above 0 and at most 1. (Parameter 'factor')");

    [TestCase(0f, true)]
    [TestCase(0.99999994f, true)]
    [TestCase(1f, false)]
    [TestCase(-float.Epsilon, false)]
    [TestCase(float.NaN, false)]
    public void Fraction_takes_0_to_below_1(float value, bool accepted) =>
        AssertRange(
            () => Guard.Fraction(value, "momentum"),
            accepted ? null : $"'momentum' is {value}; it must be at least 0 and below 1. (Parameter 'momentum')");

    [Test]
    public void Labels_lie_from_0_to_below_the_class_count()
    {
        int[] first = [.. new int[1_000], 10], second = [0, -1];

        Assert.That(() => Guard.Labels([0, 9, 5], 10, "labels"), Throws.Nothing);
        Assert.That(() => Guard.Labels([], 10, "labels"), Throws.Nothing);
        Assert.That(
            () => Guard.Labels(first, 10, "labels"),
            Throws.ArgumentException.With.Message.EqualTo(
                "'labels' has 10 at row 1,000; a label must be at least 0 and below the class count, 10. (Parameter 'labels')"));
        Assert.That(
            () => Guard.Labels(second, 10, "labels"),
            Throws.ArgumentException.With.Message.EqualTo(
                "'labels' has -1 at row 1; a label must be at least 0 and below the class count, 10. (Parameter 'labels')"));
    }

    [Test]
    public void Classes_counts_the_values_of_a_row_and_refuses_what_does_not_fit()
    {
        Assert.That(Guard.Classes(6, [2, 0], "logits"), Is.EqualTo(3));
        AssertRange(
            () => Guard.Classes(6, [], "logits"), "'labels.Length' is 0; it must be at least 1. (Parameter 'labels.Length')");
        Assert.That(
            () => Guard.Classes(5, [2, 0], "logits"),
            Throws.ArgumentException.With.Message.EqualTo(
                "'logits' has length 5; it must be a whole number of rows of 'labels.Length', 2. (Parameter 'logits')"));
        Assert.That(
            () => Guard.Classes(6, [2, 3], "logits"),
            Throws.ArgumentException.With.Message.EqualTo(
                "'labels' has 3 at row 1; a label must be at least 0 and below the class count, 3. (Parameter 'labels')"));
    }

    [Test]
    public void SameOrDisjoint_refuses_spans_that_overlap_in_part()
    {
        float[] memory = new float[8];
        const string Expected =
            "'destination' partly overlaps 'weights'; the two must be apart or the same. (Parameter 'destination')";

        Assert.That(() => Guard.SameOrDisjoint(memory, memory, "destination", "weights"), Throws.Nothing);
        Assert.That(
            () => Guard.SameOrDisjoint(memory.AsSpan(0, 4), memory.AsSpan(4, 4), "destination", "weights"), Throws.Nothing);
        Assert.That(() => Guard.SameOrDisjoint([], memory, "destination", "weights"), Throws.Nothing);
        Assert.That(
            () => Guard.SameOrDisjoint(memory.AsSpan(0, 5), memory.AsSpan(4, 4), "destination", "weights"),
            Throws.ArgumentException.With.Message.EqualTo(Expected));
        Assert.That(
            () => Guard.SameOrDisjoint(memory.AsSpan(4, 4), memory.AsSpan(0, 5), "destination", "weights"),
            Throws.ArgumentException.With.Message.EqualTo(Expected));
    }

    [Test]
    public void Disjoint_refuses_spans_that_share_any_memory()
    {
        float[] memory = new float[8];
        const string Expected = "'gradient' overlaps 'logits'; the two must be apart. (Parameter 'gradient')";

        Assert.That(() => Guard.Disjoint(memory.AsSpan(0, 4), memory.AsSpan(4, 4), "gradient", "logits"), Throws.Nothing);
        Assert.That(
            () => Guard.Disjoint(memory, memory, "gradient", "logits"), Throws.ArgumentException.With.Message.EqualTo(Expected));
        Assert.That(
            () => Guard.Disjoint(memory.AsSpan(0, 5), memory.AsSpan(4, 4), "gradient", "logits"),
            Throws.ArgumentException.With.Message.EqualTo(Expected));
    }

    private static void AssertRange(Action check, string? message)
    {
        if (message is null) Assert.That(check.Invoke, Throws.Nothing);
        else Assert.That(check.Invoke, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(message));
    }
}

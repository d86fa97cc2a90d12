using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models.Layers;

internal sealed class DropoutTests
{
    // Five standard errors of a frequency in that many draws, √(p (1 − p) / n).
    [TestCase(0.2f)]
    [TestCase(0.5f)]
    [TestCase(0.9f)]
    [TestCase(1e-3f)]
    [TestCase(0.999f)]
    public void Values_are_dropped_as_often_as_the_rate_says_and_scaled_up_else(float rate)
    {
        const int Units = 1_000, Rows = 200, Values = Units * Rows;

        float[] mask = LayerRun.NextMask(LayerRun.Built(new Dropout(rate), Units, seed: 3), Rows);

        Assert.That(mask, Is.All.EqualTo(0).Or.EqualTo(1 / (1 - rate)));
        Assert.That(
            mask.Count(value => value == 0) / (double)Values, Is.EqualTo(rate).Within(5 * Math.Sqrt(rate * (1 - rate) / Values)));
    }

    [Test]
    public void Neighbours_rows_and_batches_are_dropped_independently()
    {
        const int Units = 500, Rows = 400, Values = Units * Rows;
        var dropout = LayerRun.Built(new Dropout(0.5f), Units, seed: 3);
        float[] one = Ones(Values), first = LayerRun.Forward(dropout, one), second = LayerRun.Forward(dropout, one);

        foreach ((float[] a, float[] b) in new[]
        {
            (first[1..], first[..^1]), (first[Units..], first[..^Units]), (first, second),
        })
        {
            double both = a.Zip(b).Count(pair => pair.First == 0 && pair.Second == 0) / (double)a.Length;
            Assert.That(both, Is.EqualTo(0.25).Within(5 * Math.Sqrt(0.25 * 0.75 / a.Length)));
        }
    }

    [TestCase(1, 1)]
    [TestCase(3, 7)]
    [TestCase(5, 130)]
    public void The_gradient_is_multiplied_by_the_same_mask_as_the_values(int rows, int units)
    {
        var dropout = LayerRun.Built(new Dropout(0.4f), units, seed: 5);
        float[] x = Numbers.Uniform(1, rows * units), g = Numbers.Uniform(2, rows * units);
        double[] mask = Numbers.Doubles(LayerRun.NextMask(dropout, rows)), wideX = Numbers.Doubles(x), wideG = Numbers.Doubles(g);

        float[] y = LayerRun.Forward(dropout, x), inputGradient = LayerRun.Backward(dropout, x, y, g);

        double[] expected = Numbers.CentralDifferences(
            wideX, () => ReferenceLayers.Dot(wideG, ReferenceLayers.Multiply(wideX, mask)));
        Assert.That(Numbers.LargestError(y, ReferenceLayers.Multiply(wideX, mask)), Is.LessThan(1e-6));
        Assert.That(Numbers.LargestError(inputGradient, expected), Is.LessThan(1e-6));
    }

    [Test]
    public void At_test_time_nothing_is_dropped_and_nothing_drawn()
    {
        Dropout dropout = LayerRun.Built(new Dropout(0.5f), 10, seed: 5);
        float[] x = Numbers.Uniform(1, 30), inPlace = [.. x];

        LayerRun.Forward(dropout, inPlace, inPlace, PassMode.Inference);

        Assert.That(LayerRun.Infer(dropout, x), Is.EqualTo(x));
        Assert.That(inPlace, Is.EqualTo(x));
        Assert.That(dropout.Draws, Is.Zero);
    }

    [Test]
    public void It_works_in_place_both_ways()
    {
        Dropout dropout = LayerRun.Built(new Dropout(0.3f), 50, seed: 5);
        float[] x = Numbers.Uniform(1, 150), g = Numbers.Uniform(2, 150);
        float[] y = LayerRun.Forward(dropout, x), inputGradient = LayerRun.Backward(dropout, x, y, g);
        dropout.Random!.Count = 0;

        LayerRun.Forward(dropout, x, x);
        LayerRun.Backward(dropout, x, x, g, g);

        Assert.That(dropout.InPlace.HasFlag(InPlace.Forward | InPlace.Backward), Is.True);
        Assert.That(x, Is.EqualTo(y));
        Assert.That(g, Is.EqualTo(inputGradient));
    }

    [Test]
    public void The_same_seed_gives_the_same_masks_batch_by_batch()
    {
        float[] ones = Ones(300);
        Dropout first = LayerRun.Built(new Dropout(0.5f), 100, seed: 7), second = LayerRun.Built(new Dropout(0.5f), 100, seed: 7);
        Dropout other = LayerRun.Built(new Dropout(0.5f), 100, seed: 8);

        float[] one = LayerRun.Forward(first, ones), two = LayerRun.Forward(first, ones);

        Assert.That(LayerRun.Forward(second, ones), Is.EqualTo(one));
        Assert.That(LayerRun.Forward(second, ones), Is.EqualTo(two));
        Assert.That(two, Is.Not.EqualTo(one));
        Assert.That(LayerRun.Forward(other, ones), Is.Not.EqualTo(one));
    }

    [Test]
    public void Draws_counts_the_batches_and_can_be_set_to_go_on()
    {
        float[] ones = Ones(300);
        var dropout = LayerRun.Built(new Dropout(0.5f), 100, seed: 7);
        LayerRun.Forward(dropout, ones);
        LayerRun.Forward(dropout, ones);
        float[] third = LayerRun.Forward(dropout, ones);
        Assert.That(dropout.Draws, Is.EqualTo(3));

        var resumed = LayerRun.Built(new Dropout(0.5f), 100, seed: 7);
        resumed.Random!.Count = 2;

        Assert.That(LayerRun.Forward(resumed, ones), Is.EqualTo(third));
        Assert.That(resumed.Draws, Is.EqualTo(3));
    }

    // A batch of fewer rows has the start of the mask of one of more.
    [Test]
    public void A_smaller_batch_after_a_larger_one_draws_its_own_mask()
    {
        var dropout = LayerRun.Built(new Dropout(0.5f), 20, seed: 7);
        float[] large = LayerRun.NextMask(dropout, 9), small = LayerRun.NextMask(dropout, 2);

        Assert.That(small, Is.EqualTo(large[..40]));
    }

    [Test]
    public void Draws_is_a_count_that_does_not_overflow([Values(-1, 9007199254740993L, long.MaxValue)] long draws)
    {
        var dropout = LayerRun.Built(new Dropout(0.5f), 2, seed: 7);
        dropout.Random!.Count = 5;

        Assert.That(
            () => dropout.Random.Count = draws,
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.EqualTo($"'Count' is {draws}; it must be from 0 to 9,007,199,254,740,992. (Parameter 'Count')"));
        Assert.That(dropout.Draws, Is.EqualTo(5));
    }

    private static float[] Ones(int length)
    {
        float[] ones = new float[length];
        Array.Fill(ones, 1);
        return ones;
    }
}

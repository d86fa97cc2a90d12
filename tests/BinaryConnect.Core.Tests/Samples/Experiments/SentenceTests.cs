using BinaryConnect.Samples.Experiments;
using BinaryConnect.Samples.Experiments.Reporting;

namespace BinaryConnect.Tests.Samples.Experiments;

/// <summary>Words and figures from which the sentences of all experiments are made.</summary>
internal sealed class SentenceTests
{
    [TestCase(
        new[] { 0.80, 0.82, 0.81 },
        new[] { 0.60, 0.62, 0.61 },
        "X costs 0.2000, from 0.8100 ± 0.0100 to 0.6100 ± 0.0100")]
    [TestCase(
        new[] { 0.60, 0.62, 0.61 },
        new[] { 0.80, 0.82, 0.81 },
        "X gains 0.2000, from 0.6100 ± 0.0100 to 0.8100 ± 0.0100")]
    [TestCase(
        new[] { 0.50, 0.70 },
        new[] { 0.52, 0.71 },
        "X makes no clear difference: from 0.6000 ± 0.1414 to 0.6150 ± 0.1344")]
    [TestCase(new[] { 0.8 }, new[] { 0.6 }, "X changes it by −0.2000, from 0.8000 to 0.6000, in a single run")]
    public void A_change_is_called_clear_only_beyond_two_standard_errors(double[] before, double[] after, string expected) =>
        Assert.That(Sentence.Change("X", Spread.Of(before), Spread.Of(after)), Is.EqualTo(expected));

    [Test]
    public void A_single_run_is_never_clear()
    {
        Assert.That(Sentence.IsClear(Spread.Of([0.9]), Spread.Of([0.1])), Is.False);
        Assert.That(Sentence.NotClear(Spread.Of([0.9]), Spread.Of([0.1])), Is.EqualTo("a single run cannot tell"));
    }

    [Test]
    public void A_spread_has_the_deviation_of_a_sample() =>
        Assert.That(Spread.Of([1, 2, 6]), Is.EqualTo(new Spread(3, Math.Sqrt(7), 1, 6, 3)));

    [Test]
    public void Figures_keep_the_order_in_which_keys_came()
    {
        var figures = new Figures<string>();
        figures.Add("second letter", 1);
        figures.Add("first letter", 2);
        figures.Add("second letter", 3);
        (string, double)[] expected = [("second letter", 2), ("first letter", 2)];
        Assert.That(figures.All.Select(row => (row.Key, row.Figure.Mean)), Is.EqualTo(expected));
    }

    [TestCase(new double[] { 1, 2, 3 }, new double[] { 2, 4, 6 }, 1)]
    [TestCase(new double[] { 1, 2, 3 }, new double[] { 6, 4, 2 }, -1)]
    [TestCase(new double[] { 1, 2, 3 }, new double[] { 5, 5, 5 }, double.NaN)]
    public void Correlation_of_lines_is_one(double[] first, double[] second, double expected) =>
        Assert.That(Numbers.Correlation(first, second), Is.EqualTo(expected).Within(1e-12));

    [Test]
    public void Correlation_of_ranks_does_not_see_distances() =>
        Assert.That(Numbers.RankCorrelation([1, 2, 3, 1000], [1, 10, 100, 101]), Is.EqualTo(1).Within(1e-12));

    // By hand: ranks 1, 2.5, 2.5 and 1, 2, 3 have a correlation of 1.5 / √(1.5 · 2).
    [Test]
    public void Equal_numbers_share_their_rank() =>
        Assert.That(Numbers.RankCorrelation([1, 2, 2], [4, 5, 6]), Is.EqualTo(1.5 / Math.Sqrt(3)).Within(1e-12));
}

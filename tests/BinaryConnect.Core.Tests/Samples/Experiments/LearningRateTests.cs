using BinaryConnect.Samples.Experiments;
using BinaryConnect.Samples.Experiments.LearningRateStudy;

namespace BinaryConnect.Tests.Samples.Experiments;

/// <summary>The figures and sentences of the experiment learning-rate.</summary>
internal sealed class LearningRateTests
{
    [Test]
    public void Ways_are_all_optimizers_with_and_without_scaling()
    {
        Assert.That(
            Way.All.GroupBy(way => way.Name).Select(ways => ways.Key),
            Is.EqualTo(
            [
                "SGD, not scaled", "SGD, scaled", "Nesterov, not scaled", "Nesterov, scaled", "Adam, not scaled", "Adam, scaled",
            ]));
        Assert.That(Way.All.Count(), Is.EqualTo(6 * Way.Rates.Count));
    }

    [Test]
    public void Good_rates_come_within_a_point_of_the_best_and_did_not_diverge()
    {
        var cell = new Cell(
            new Way(Way.Sgd, false, 1), [(0.1f, 0.90), (0.3f, 0.955), (1, 0.96), (3, double.NaN)], Spread.Of([0.04]));
        Assert.That(cell.GoodRates, Is.EqualTo(2));
        Assert.That(cell.ErrorText, Is.EqualTo("4.00 %"));
    }

    [TestCase(0.12, 0.03, "SGD: the test error is 12.00 ± 0.10 % without scaling and 3.00 ± 0.10 % with it: scaling helps.")]
    [TestCase(0.03, 0.12, "SGD: the test error is 3.00 ± 0.10 % without scaling and 12.00 ± 0.10 % with it: scaling harms.")]
    [TestCase(0.03, 0.03, "SGD: the test error is 3.00 ± 0.10 % without scaling and 3.00 ± 0.10 % with it: no clear difference.")]
    public void Scaling_helps_or_harms_as_the_errors_say(double plain, double scaled, string expected) => Assert.That(
        CellFindings.Of([Of(false, plain), Of(true, scaled)]).First(), Does.StartWith(expected));

    [Test]
    public void The_conclusion_counts_what_is_clear_and_names_what_is_level() => Assert.That(
        CellFindings.Of([Of(false, 0.12), Of(true, 0.03), Of(false, 0.03, Way.Adam), Of(true, 0.0301, Way.Adam)]).Last(),
        Is.EqualTo(
            "Conclusion: scaling clearly lowers the error of 1 of 2 optimizers, each at its best rate. The lowest error is "
            + "3.00 ± 0.10 % of SGD, scaled; not clearly above it: Adam, not scaled; Adam, scaled."));

    private static Cell Of(bool isScaled, double error, string optimizer = Way.Sgd) => new(
        new Way(optimizer, isScaled, 0.1f), [(0.1f, 0.9), (0.3f, 0.8)], Spread.Of([error - 0.001, error, error + 0.001]));
}

using BinaryConnect.Schedules;

namespace BinaryConnect.Tests.Schedules;

internal sealed class PlateauDecayTests
{
    [Test]
    public void Tutorial_rule_counts_each_rise_the_first_from_zero_and_stops_at_the_fifth()
    {
        var schedule = new PlateauDecay(initialRate: 0.5f, factor: 0.9f, maxDecays: 5);
        (double Loss, int Decays, bool Stops)[] series =
        [
            (2.0, 1, false), // compared with 0
            (1.5, 1, false),
            (1.5, 1, false), // equal is no rise
            (1.6, 2, false),
            (1.55, 2, false),
            (1.58, 3, false), // a rise since the last, though below the highest
            (1.7, 4, false),
            (0.2, 4, false),
            (0.3, 5, true),
        ];

        Assert.That(schedule.RateAt(0), Is.EqualTo(0.5f));
        foreach ((double loss, int decays, bool stops) in series)
        {
            Assert.That(schedule.Observe(loss), Is.EqualTo(stops), $"loss {loss}");
            Assert.That(schedule.Decays, Is.EqualTo(decays), $"loss {loss}");
            Assert.That(schedule.RateAt(123), Is.EqualTo(0.5 * Math.Pow(0.9, decays)).Within(1e-7), $"loss {loss}");
        }
    }

    [Test]
    public void First_loss_of_zero_or_less_is_no_rise()
    {
        var schedule = new PlateauDecay(1, 0.5f, 1);
        Assert.That(schedule.Observe(0), Is.False);
        Assert.That(schedule.Decays, Is.Zero);
        Assert.That(schedule.Observe(0.1), Is.True);
    }

    [Test]
    public void Patience_counts_evaluations_in_a_row_without_a_new_best()
    {
        var schedule = new PlateauDecay(initialRate: 1, factor: 0.5f, maxDecays: 3, patience: 2);
        (double Loss, int Decays, bool Stops)[] series =
        [
            (2.0, 0, false),
            (2.5, 0, false), // waited 1
            (1.9, 0, false), // best
            (1.9, 0, false), // equal is no better: waited 1
            (1.95, 1, false), // waited 2
            (1.93, 1, false), // below the last, but not the best: waited 1
            (1.94, 2, false), // waited 2
            (1.0, 2, false),
            (1.1, 2, false),
            (1.2, 3, true),
            (1.1, 3, true),
        ];

        foreach ((double loss, int decays, bool stops) in series)
        {
            Assert.That(schedule.Observe(loss), Is.EqualTo(stops), $"loss {loss}");
            Assert.That(schedule.Decays, Is.EqualTo(decays), $"loss {loss}");
            Assert.That(schedule.RateAt(0), Is.EqualTo(Math.Pow(0.5, decays)), $"loss {loss}");
        }
    }

    [TestCase(null)]
    [TestCase(2)]
    public void Reset_forgets_decays_losses_and_waiting(int? patience)
    {
        var schedule = new PlateauDecay(1, 0.5f, 9, patience);
        double[] losses = [3, 4, 5, 6, 2, 7];
        int[] Decays() => [.. losses.Select(loss =>
        {
            schedule.Observe(loss);
            return schedule.Decays;
        })];

        int[] first = Decays();
        schedule.Reset();
        Assert.That(schedule.Decays, Is.Zero);
        Assert.That(schedule.RateAt(0), Is.EqualTo(1));
        Assert.That(Decays(), Is.EqualTo(first));
        Assert.That(first, Is.EqualTo(patience is null ? [1, 2, 3, 4, 4, 5] : new[] { 0, 0, 1, 1, 1, 1 }));
    }

    [Test]
    public void Factor_of_one_keeps_the_rate_and_listens()
    {
        var schedule = new PlateauDecay(0.3f, 1, 2);
        schedule.Observe(1);
        Assert.That(schedule.RateAt(0), Is.EqualTo(0.3f));
        Assert.That(schedule.ListensToEvaluations, Is.True);
    }
}

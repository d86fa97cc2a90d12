using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Schedules;

/// <summary>The state of a schedule is saved and restored.</summary>
internal sealed class ScheduleStateTests
{
    private static readonly double[] Losses = [2, 3, 1.5, 1.6, 1.7, 1.4, 1.45, 1.5, 1.2, 1.3, 1.31, 1.32];

    [Test]
    public void Plateau_decay_goes_on_from_any_state(
        [Values(null, 1, 2, 3)] int? patience, [Values] bool warmedUp, [Range(0, 12)] int at)
    {
        ILearningRateSchedule unbroken = New(patience, warmedUp), first = New(patience, warmedUp);
        ILearningRateSchedule second = New(patience, warmedUp);
        float[] expected = [.. Losses.Select(loss => RateAfter(unbroken, loss))];
        float[] before = [.. Losses.Take(at).Select(loss => RateAfter(first, loss))];

        second.State = first.State;
        float[] after = [.. Losses.Skip(at).Select(loss => RateAfter(second, loss))];

        Assert.That(before.Concat(after), Is.EqualTo(expected));
        Assert.That(second.State, Is.EqualTo(unbroken.State));
        Assert.That(expected.Distinct().Count(), Is.GreaterThan(1), "the rate must change");
    }

    [Test]
    public void State_is_decays_waiting_and_the_loss_to_compare_with()
    {
        var schedule = new PlateauDecay(1, 0.5f, 9, patience: 3);
        Assert.That(schedule.State, Is.EqualTo(new[] { 0, 0, double.PositiveInfinity }));
        foreach (double loss in new double[] { 3, 4, 5, 6, 7 }) schedule.Observe(loss);
        Assert.That(schedule.State, Is.EqualTo(new double[] { 1, 1, 3 }));
    }

    [TestCase(
        new[] { 0.0, 0 }, "'State' has length 2; it must have decays, evaluations waited and a loss, 3. (Parameter 'State')")]
    [TestCase(new[] { -1.0, 0, 1 }, "'State' is -1, 0, 1; it must be two counts and a loss. (Parameter 'State')")]
    [TestCase(new[] { 0.0, 1.5, 1 }, "'State' is 0, 1.5, 1; it must be two counts and a loss. (Parameter 'State')")]
    [TestCase(new[] { 0.0, 3e9, 1 }, "'State' is 0, 3000000000, 1; it must be two counts and a loss. (Parameter 'State')")]
    [TestCase(new[] { 0, 0, double.NaN }, "'State' is 0, 0, NaN; it must be two counts and a loss. (Parameter 'State')")]
    public void What_is_no_state_is_refused_and_changes_nothing(double[] state, string message)
    {
        var schedule = new PlateauDecay(1, 0.5f, 9);
        schedule.Observe(2);

        Assert.That(() => schedule.State = state, Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(schedule.State, Is.EqualTo(new double[] { 1, 0, 2 }));
    }

    // The largest counts that a state may have.
    [TestCase(null, 1 << 30)]
    [TestCase(int.MaxValue, (1 << 30) + 1)]
    public void Counts_at_the_end_of_their_range_go_on(int? patience, int expectedWait)
    {
        var schedule = new PlateauDecay(1, 0.5f, 9, patience) { State = new double[] { 1 << 30, 1 << 30, 1 } };

        Assert.That(schedule.Observe(2), Is.True);

        Assert.That(schedule.RateAt(0), Is.Zero);
        Assert.That(schedule.State[1], Is.EqualTo(expectedWait));
    }

    [Test]
    public void No_state_at_all_is_refused() =>
        Assert.That(() => new PlateauDecay(1, 0.5f, 9).State = null!, Throws.ArgumentNullException);

    [Test]
    public void A_schedule_that_remembers_nothing_has_an_empty_state()
    {
        ILearningRateSchedule constant = new ConstantRate(1), own = new StubSchedule();
        Assert.That(constant.State, Is.Empty);
        Assert.That(() => own.State = own.State, Throws.Nothing);
    }

    private static ILearningRateSchedule New(int? patience, bool warmedUp)
    {
        var plateau = new PlateauDecay(1, 0.5f, 9, patience);
        return warmedUp ? new LinearWarmup(plateau, 5) : plateau;
    }

    private static float RateAfter(ILearningRateSchedule schedule, double loss)
    {
        schedule.Observe(loss);
        return schedule.RateAt(20);
    }
}

using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Schedules;

internal sealed class LinearWarmupTests
{
    [Test]
    public void Rate_rises_in_equal_steps_and_then_is_the_inner_one()
    {
        var schedule = new LinearWarmup(new ConstantRate(0.8f), 4);
        Assert.That(
            Enumerable.Range(0, 6).Select(schedule.RateAt),
            Is.EqualTo(new[] { 0.2f, 0.4f, 0.6f, 0.8f, 0.8f, 0.8f }).Within(1e-6f));
    }

    [Test]
    public void The_largest_rates_are_finite_and_right()
    {
        Assert.That(new LinearWarmup(new ConstantRate(3e38f), 100).RateAt(50), Is.EqualTo(1.53e38f));
        Assert.That(
            new LinearWarmup(new ConstantRate(float.MaxValue), int.MaxValue).RateAt(int.MaxValue - 1),
            Is.EqualTo(float.MaxValue));
        Assert.That(
            new LinearWarmup(new ConstantRate(float.MaxValue), int.MaxValue).RateAt(int.MaxValue), Is.EqualTo(float.MaxValue));
        Assert.That(new LinearWarmup(new ConstantRate(0.1f), 3).RateAt(0), Is.EqualTo((float)(0.1f / 3.0)));
    }

    [Test]
    public void Inner_schedule_counts_from_the_start_of_the_run()
    {
        var schedule = new LinearWarmup(new StepDecay(1, 0.5f, 2), 4);
        Assert.That(
            Enumerable.Range(0, 7).Select(schedule.RateAt),
            Is.EqualTo(new[] { 0.25f, 0.5f, 0.375f, 0.5f, 0.25f, 0.25f, 0.125f }).Within(1e-6f));
    }

    [Test]
    public void Evaluations_and_resets_go_to_the_inner_schedule()
    {
        var inner = new StubSchedule { Stops = self => self.Observed.Count == 2 };
        var schedule = new LinearWarmup(inner, 1);

        Assert.That(schedule.Observe(1.5), Is.False);
        Assert.That(schedule.Observe(2.5), Is.True);
        Assert.That(inner.Observed, Is.EqualTo(new[] { 1.5, 2.5 }));
        schedule.Reset();
        Assert.That(inner.Resets, Is.EqualTo(1));
        Assert.That(schedule.ListensToEvaluations, Is.True);
        Assert.That(new LinearWarmup(new ConstantRate(1), 1).ListensToEvaluations, Is.False);
    }

    [Test]
    public void Null_is_refused() =>
        Assert.That(() => new LinearWarmup(null!, 1), Throws.ArgumentNullException.With.Message.EqualTo(
            "Value cannot be null. (Parameter 'inner')"));
}

using BinaryConnect.Schedules;
using CsCheck;

namespace BinaryConnect.Tests.Schedules;

/// <summary>The schedules that are functions of the step alone.</summary>
internal sealed class FormulaScheduleTests
{
    private static readonly int[] Steps = [0, 1, 2, 7, 8, 19, 20, 21, 39, 40, 99, 100, 101, 999, 1000, 100_000, int.MaxValue];

    private sealed class Halving : ILearningRateSchedule
    {
        public float RateAt(int step) => 1f / (step + 1);
    }

    [Test]
    public void Constant_rate_is_constant() =>
        Assert.That(Steps.Select(new ConstantRate(0.3f).RateAt), Is.All.EqualTo(0.3f));

    [Test]
    public void Step_decay_is_the_tutorial_s_four_fifths_every_20_steps()
    {
        var schedule = new StepDecay(initialRate: 0.5f, factor: 0.8f, every: 20);

        foreach (int step in Steps)
            Assert.That(
                schedule.RateAt(step), Is.EqualTo(0.5 * Math.Pow(0.8f, Math.Floor(step / 20.0))).Within(1e-5).Percent,
                $"step {step}");
        Assert.That(schedule.RateAt(19), Is.EqualTo(0.5f));
        Assert.That(schedule.RateAt(20), Is.EqualTo(0.4f).Within(1e-7f));
        Assert.That(schedule.RateAt(39), Is.EqualTo(0.4f).Within(1e-7f));
        Assert.That(schedule.RateAt(40), Is.EqualTo(0.32f).Within(1e-7f));
    }

    [Test]
    public void Exponential_decay_goes_from_one_rate_to_the_other_by_a_constant_factor_each_epoch()
    {
        var schedule = new ExponentialDecay(initialRate: 0.3f, finalRate: 0.01f, epochs: 1000, stepsPerEpoch: 250);
        double factor = Math.Pow(0.01 / 0.3, 1.0 / 999);

        Assert.That(schedule.RateAt(0), Is.EqualTo(0.3f));
        Assert.That(schedule.RateAt(249), Is.EqualTo(0.3f), "one rate all through an epoch");
        for (int epoch = 0; epoch < 1000; epoch++)
            Assert.That(
                schedule.RateAt(epoch * 250 + epoch % 250), Is.EqualTo(0.3 * Math.Pow(factor, epoch)).Within(1e-4).Percent,
                $"epoch {epoch}");
        Assert.That(schedule.RateAt(999 * 250 - 1), Is.GreaterThan(0.01f));
        Assert.That(schedule.RateAt(999 * 250), Is.EqualTo(0.01f));
        Assert.That(schedule.RateAt(int.MaxValue), Is.EqualTo(0.01f));
    }

    [Test]
    public void Exponential_decay_may_rise()
    {
        var schedule = new ExponentialDecay(0.01f, 0.04f, epochs: 3, stepsPerEpoch: 1);
        Assert.That(
            Enumerable.Range(0, 4).Select(schedule.RateAt), Is.EqualTo(new[] { 0.01f, 0.02f, 0.04f, 0.04f }).Within(1e-7f));
    }

    [Test]
    public void Cosine_decay_is_half_a_cosine()
    {
        var schedule = new CosineDecay(initialRate: 0.5f, steps: 100, finalRate: 0.1f);

        foreach (int step in Steps.Where(step => step <= 100))
            Assert.That(
                schedule.RateAt(step), Is.EqualTo(0.1 + 0.4 * (1 + Math.Cos(Math.PI * step / 100)) / 2).Within(1e-7),
                $"step {step}");
        Assert.That(schedule.RateAt(50), Is.EqualTo(0.3f).Within(1e-7f));
        Assert.That(schedule.RateAt(99), Is.GreaterThan(0.1f));
        Assert.That(schedule.RateAt(100), Is.EqualTo(0.1f));
        Assert.That(schedule.RateAt(101), Is.EqualTo(0.1f));
        Assert.That(schedule.RateAt(int.MaxValue), Is.EqualTo(0.1f));
        Assert.That(new CosineDecay(0.5f, 10).RateAt(10), Is.Zero);
    }

    [Test]
    public void Rates_never_rise_and_are_never_negative() =>
        Gen.Select(Gen.Float[0.001f, 10f], Gen.Float[0.01f, 1f], Gen.Int[1, 50], Gen.Int[2, 20]).Sample(
            (rate, factor, every, epochs) =>
            {
                ILearningRateSchedule[] schedules =
                [
                    new ConstantRate(rate),
                    new StepDecay(rate, factor, every),
                    new ExponentialDecay(rate, rate * factor, epochs, every),
                    new CosineDecay(rate, every),
                    new CosineDecay(rate, every, rate * factor),
                ];
                return schedules.All(schedule => Enumerable.Range(0, 200).All(step =>
                    schedule.RateAt(step) >= schedule.RateAt(step + 1) && schedule.RateAt(step + 1) >= 0
                        && schedule.RateAt(0) == rate));
            },
            iter: 500,
            threads: 1);

    // Every value that a constructor accepts, its ends among them.
    [Test]
    public void Rates_are_finite_and_not_negative_for_the_whole_range()
    {
        float[] rates = [0, float.Epsilon, 1e-30f, 0.1f, 1, 3e38f, float.MaxValue];
        float[] factors = [float.Epsilon, 0.5f, MathF.BitDecrement(1), 1];
        int[] counts = [1, 2, 100, int.MaxValue];
        var schedules = new List<ILearningRateSchedule>(rates.Select(rate => new ConstantRate(rate)));
        foreach (float rate in rates)
        {
            foreach (int count in counts)
            {
                schedules.AddRange(factors.Select(factor => new StepDecay(rate, factor, count)));
                schedules.AddRange(factors.Select(factor => new PlateauDecay(rate, factor, count)));
                schedules.AddRange(rates.Select(last => new CosineDecay(rate, count, last)));
                if (rate > 0 && count > 1)
                    schedules.AddRange(rates.Where(last => last > 0).Select(
                        last => new ExponentialDecay(rate, last, count, counts[(count + 1) % 4])));
            }
        }

        schedules.AddRange(schedules.ToArray().SelectMany(schedule => counts.Select(count => new LinearWarmup(schedule, count))));
        foreach (ILearningRateSchedule schedule in schedules)
        {
            foreach (int step in Steps)
            {
                float rate = schedule.RateAt(step);
                if (!(rate >= 0 && float.IsFinite(rate))) Assert.Fail($"{schedule} at step {step}: {rate}");
            }
        }
    }

    [Test]
    public void A_negative_step_is_refused()
    {
        ILearningRateSchedule[] schedules =
        [
            new ConstantRate(1), new StepDecay(1, 0.5f, 1), new ExponentialDecay(1, 0.5f, 2, 1), new CosineDecay(1, 1),
            new PlateauDecay(1, 0.5f, 1), new LinearWarmup(new Halving(), 1),
        ];
        foreach (ILearningRateSchedule schedule in schedules)
        {
            foreach (int step in new[] { -1, int.MinValue })
            {
                Assert.That(() => schedule.RateAt(step), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                    $"'step' is {step}; it must be at least 0. (Parameter 'step')"), $"{schedule}");
            }
        }
    }

    [Test]
    public void Schedule_of_a_user_needs_no_member_but_the_rate()
    {
        ILearningRateSchedule schedule = new Halving();

        Assert.That(schedule.RateAt(1), Is.EqualTo(0.5f));
        Assert.That(schedule.ListensToEvaluations, Is.False);
        Assert.That(schedule.Observe(1), Is.False);
        schedule.Reset();
        Assert.That(schedule.RateAt(1), Is.EqualTo(0.5f));
    }

    private static IEnumerable<TestCaseData> Faults()
    {
        const string NotNegative = "it must be zero or positive, and finite.", Positive = "it must be positive and finite.";
        yield return Fault(() => new ConstantRate(-1), "rate", "-1", NotNegative);
        yield return Fault(() => new ConstantRate(float.NaN), "rate", "NaN", NotNegative);
        yield return Fault(() => new StepDecay(-1, 0.5f, 1), "initialRate", "-1", NotNegative);
        yield return Fault(() => new StepDecay(1, 0, 1), "factor", "0", "it must be above 0 and at most 1.");
        yield return Fault(() => new StepDecay(1, 1.5f, 1), "factor", "1.5", "it must be above 0 and at most 1.");
        yield return Fault(() => new StepDecay(1, 1, 0), "every", "0", "it must be at least 1.");
        yield return Fault(() => new ExponentialDecay(0, 1, 2, 1), "initialRate", "0", Positive);
        yield return Fault(() => new ExponentialDecay(1, 0, 2, 1), "finalRate", "0", Positive);
        yield return Fault(() => new ExponentialDecay(1, 1, 1, 1), "epochs", "1", "it must be at least 2.");
        yield return Fault(() => new ExponentialDecay(1, 1, 2, 0), "stepsPerEpoch", "0", "it must be at least 1.");
        yield return Fault(() => new CosineDecay(float.PositiveInfinity, 1), "initialRate", "Infinity", NotNegative);
        yield return Fault(() => new CosineDecay(1, 0), "steps", "0", "it must be at least 1.");
        yield return Fault(() => new CosineDecay(1, 1, -1), "finalRate", "-1", NotNegative);
        yield return Fault(() => new LinearWarmup(new ConstantRate(1), 0), "steps", "0", "it must be at least 1.");
        yield return Fault(() => new PlateauDecay(-1, 0.5f, 1), "initialRate", "-1", NotNegative);
        yield return Fault(() => new PlateauDecay(1, 2, 1), "factor", "2", "it must be above 0 and at most 1.");
        yield return Fault(() => new PlateauDecay(1, 0.5f, 0), "maxDecays", "0", "it must be at least 1.");
        yield return Fault(() => new PlateauDecay(1, 0.5f, 1, 0), "patience", "0", "it must be at least 1.");

        static TestCaseData Fault(Func<ILearningRateSchedule> make, string name, string value, string rest) =>
            new TestCaseData(make, $"'{name}' is {value}; {rest} (Parameter '{name}')").SetArgDisplayNames(name, value);
    }

    [TestCaseSource(nameof(Faults))]
    public void Faults_are_named(Func<ILearningRateSchedule> make, string message) =>
        Assert.That(() => make(), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(message));
}

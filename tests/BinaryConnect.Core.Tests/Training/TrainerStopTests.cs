using BinaryConnect.Models;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>Each way a run ends before its last step.</summary>
internal sealed class TrainerStopTests
{
    private static readonly TrainerOptions Small = new() { BatchSize = 4 };

    [TestCase(1, new[] { 0.5, 0.6, 0.6 }, 3, Description = "equal is no better")]
    [TestCase(1, new[] { 0.5, 0.4 }, 2)]
    [TestCase(2, new[] { 0.5, 0.4, 0.6, 0.5, 0.6 }, 5, Description = "the count starts anew with a better one")]
    [TestCase(3, new[] { 0.9, 0.1, 0.2, 0.3 }, 4, Description = "better than the last is not better than the best")]
    public void Early_stop_comes_after_evaluations_in_a_row_without_a_better_accuracy(
        int patience, double[] accuracies, int evaluations)
    {
        TrainingReport report = new Trainer(Small with { MaxSteps = 100, EvaluateEverySteps = 2, EarlyStopPatience = patience })
            .Fit(GivenAccuracy.Model(accuracies), GivenAccuracy.Data, GivenAccuracy.Data);

        Assert.That(report.StopReason, Is.EqualTo(StopReason.EarlyStopped));
        Assert.That(report.Evaluations, Has.Count.EqualTo(evaluations));
        Assert.That(report.Steps, Has.Count.EqualTo(2 * evaluations));
    }

    [Test]
    public void Accuracy_that_gets_better_in_time_completes_the_run()
    {
        TrainingReport report = new Trainer(Small with { MaxSteps = 4, EvaluateEverySteps = 1, EarlyStopPatience = 2 })
            .Fit(GivenAccuracy.Model(0.1, 0.1, 0.2, 0.2), GivenAccuracy.Data, GivenAccuracy.Data);
        Assert.That(report.StopReason, Is.EqualTo(StopReason.Completed));
    }

    [Test]
    public void Schedule_stops_the_run_at_the_evaluation_it_observes()
    {
        var seen = new List<TrainingProgress>();
        double loss = 0;
        var options = Small with
        {
            MaxSteps = 100,
            EvaluateEverySteps = 3,
            Schedule = new PlateauDecay(0.5f, 0.5f, maxDecays: 2),
            Loss = new StubLoss(evaluate: () => ++loss),
        };

        TrainingReport report = new Trainer(options)
            .Fit(NewModel(), SmallData.Floats(10), SmallData.Floats(10), new SynchronousProgress<TrainingProgress>(seen.Add));

        Assert.That(report.StopReason, Is.EqualTo(StopReason.ScheduleStopped));
        Assert.That(report.Steps, Has.Count.EqualTo(6));
        Assert.That(report.Evaluations.Select(e => e.Loss), Is.EqualTo(new[] { 1.0, 2 }));
        Assert.That(seen, Has.Count.EqualTo(6), "the last step is reported as well");
        Assert.That(seen[^1].RateChange, Is.EqualTo(new RateChange(6, 0.25f, 0.125f)));
        Assert.That(seen.Select(p => p.TotalSteps), Is.All.EqualTo(100));
    }

    [Test]
    public void Cancellation_ends_the_run_before_the_next_step([Range(0, 6)] int after)
    {
        using var source = new CancellationTokenSource();
        if (after == 0) source.Cancel();
        LogisticModel model = NewModel(), byHand = NewModel();
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.Step == after) source.Cancel();
        });

        TrainingReport report = new Trainer(Small with { MaxSteps = 7, EvaluateEverySteps = 3 })
            .Fit(model, SmallData.Floats(10), SmallData.Floats(10), progress, source.Token);

        Assert.That(report.StopReason, Is.EqualTo(StopReason.Cancelled));
        Assert.That(report.Steps, Has.Count.EqualTo(after));
        Assert.That(report.Evaluations, Has.Count.EqualTo(after / 3));
        if (after > 0) new Trainer(Small with { MaxSteps = after }).Fit(byHand, SmallData.Floats(10));
        Assert.That(
            Numbers.Bits(model.Weights.Latent), Is.EqualTo(Numbers.Bits(byHand.Weights.Latent)), "exactly the steps reported");
        Assert.That(model.Weights.Effective.ToArray(), Is.EqualTo(byHand.Weights.Effective.ToArray()));
        Assert.That(model.Predict(new float[SmallData.Features]), Is.InRange(0, SmallData.Classes - 1));
    }

    [Test]
    public void Cancellation_after_the_last_step_comes_too_late()
    {
        using var source = new CancellationTokenSource();
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.Step == 3) source.Cancel();
        });
        TrainingReport report = new Trainer(Small with { MaxSteps = 3 })
            .Fit(NewModel(), SmallData.Floats(10), null, progress, source.Token);
        Assert.That(report.StopReason, Is.EqualTo(StopReason.Completed));
    }

    [Test]
    public void Divergence_of_a_step_comes_with_the_report_up_to_there()
    {
        int calls = 0;
        var trainer = new Trainer(
            Small with { MaxSteps = 9, EvaluateEverySteps = 2, Loss = new StubLoss(train: () => ++calls == 4 ? double.NaN : 1) });

        TrainingDivergedException fault = Assert.Throws<TrainingDivergedException>(
            () => trainer.Fit(NewModel(), SmallData.Floats(10), SmallData.Floats(10)))!;

        Assert.That(fault.Step, Is.EqualTo(4));
        Assert.That(fault.Report, Is.Not.Null);
        Assert.That(fault.Report!.StopReason, Is.EqualTo(StopReason.Diverged));
        Assert.That(fault.Report.Steps, Has.Count.EqualTo(3));
        Assert.That(fault.Report.Evaluations, Has.Count.EqualTo(1));
        Assert.That(fault.Report.Elapsed, Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public void Evaluated_loss_that_is_not_finite_is_a_divergence()
    {
        var schedule = new StubSchedule();
        var trainer = new Trainer(Small with
        {
            MaxSteps = 9,
            EvaluateEverySteps = 2,
            Loss = new StubLoss(evaluate: () => double.PositiveInfinity),
            Schedule = schedule,
        });

        TrainingDivergedException fault = Assert.Throws<TrainingDivergedException>(
            () => trainer.Fit(NewModel(), SmallData.Floats(10), SmallData.Floats(10)))!;

        Assert.That(fault.Message, Is.EqualTo(
            "Training diverged at step 3: the evaluated loss is Infinity (learning rate 0.1). "
            + "The model holds the weights of the last good step, 2."));
        Assert.That(fault.Report!.Steps, Has.Count.EqualTo(2));
        Assert.That(fault.Report.Evaluations, Is.Empty);
        Assert.That(schedule.Observed, Is.Empty);
    }

    private static LogisticModel NewModel() => new(SmallData.Features, SmallData.Classes, seed: 2);
}

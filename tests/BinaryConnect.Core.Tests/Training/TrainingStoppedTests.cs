using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using Microsoft.Extensions.Logging;

namespace BinaryConnect.Tests.Training;

/// <summary>Every fault that stops a run early comes as one exception, with the report and the cause.</summary>
internal sealed class TrainingStoppedTests
{
    private static readonly Exception Fault = new InvalidTimeZoneException("mine");

    private static TrainerOptions Small =>
        new() { BatchSize = 4, MaxSteps = 9, EvaluateEverySteps = 2, Schedule = new PlateauDecay(0.1f, 0.5f, 9) };

    // Each throws once, in step 5 or after step 4.
    private static IEnumerable<TestCaseData> Components =>
    [
        Component("binarizer", (options, call) => options with
        {
            Binarizer = new OwnBinarizer((weight, bound) =>
            {
                // Four steps and two evaluations of 18 weights come before.
                call(6 * SmallData.Features * SmallData.Classes);
                return weight < 0 ? -bound : bound;
            }),
        }),
        Component("loss of a step", (options, call) => options with { Loss = new StubLoss(train: () => call(4)) }),
        Component("loss of an evaluation", (options, call) => options with { Loss = new StubLoss(evaluate: () => call(1)) }),
        Component("optimizer", (options, call) => options with { Optimizer = new OwnOptimizer { OnStep = (_, _) => call(9) } }),
        Component("rate of the schedule", (options, call) => options with
        {
            // Each of the two evaluations asks for the rate once more.
            Schedule = new StubSchedule { Rate = (_, _) => 0.1f * (float)call(6) },
        }),
        Component("observation of the schedule",
            (options, call) => options with { Schedule = new StubSchedule { Stops = _ => call(1) == 0 } }),
    ];

    [TestCaseSource(nameof(Components))]
    public void A_component_that_throws_is_the_cause(Func<TrainerOptions, Func<int, double>, TrainerOptions> change)
    {
        const int Steps = 4;
        LogisticModel model = NewModel();
        int calls = 0;
        TrainerOptions options = change(Small, good => ++calls == good + 1 ? throw Fault : 1);

        TrainingStoppedException stopped = Stopped(() => new Trainer(options).Fit(model, Data, Data));

        Assert.That((stopped.Cause, stopped.InnerException), Is.EqualTo((TrainingFault.Component, Fault)));
        AssertReport(stopped, Steps);
        Assert.That(stopped.Message, Is.EqualTo(
            "Training stopped after step 4: a component failed (InvalidTimeZoneException: mine). "
            + "The model holds the weights of the last good step, 4."));
        Assert.That(model.Parameters.SelectMany(parameter => parameter.Latent.ToArray()), Is.All.Matches<float>(float.IsFinite));
        Assert.That(
            model.Weights.Effective.ToArray(), Is.All.Matches<float>(value => Math.Abs(value) == 1), "what evaluations use");
    }

    [TestCase(float.NaN)]
    [TestCase(-1f)]
    public void A_schedule_that_gives_what_is_no_rate_is_the_cause(float rate)
    {
        var options = Small with { Schedule = new StubSchedule { Rate = (_, step) => step == 3 ? rate : 0.1f } };

        TrainingStoppedException stopped = Stopped(() => new Trainer(options).Fit(NewModel(), Data, Data));

        Assert.That(stopped.Cause, Is.EqualTo(TrainingFault.Component));
        Assert.That(stopped.InnerException, Is.TypeOf<InvalidOperationException>().With.Message.EqualTo(
            $"'Schedule' gives {rate} for step 4; a rate must be zero or positive, and finite."));
        AssertReport(stopped, steps: 3);
    }

    [Test]
    public void A_model_that_throws_is_the_cause()
    {
        int calls = 0;
        var model = new StubModel(
            SmallData.Features, SmallData.Classes, new Parameter("w", SmallData.Features, SmallData.Classes, true, true))
        {
            OnForward = _ =>
            {
                if (++calls > 2) throw Fault;
            },
        };

        TrainingStoppedException stopped = Stopped(
            () => new Trainer(Small with { EvaluateEverySteps = null, Schedule = new ConstantRate(0.1f) }).Fit(model, Data));

        Assert.That((stopped.Cause, stopped.InnerException), Is.EqualTo((TrainingFault.Component, Fault)));
        AssertReport(stopped, steps: 2);
    }

    // A cancellation that a handler throws is a fault like others: who wants to cancel a run uses its token.
    [Test]
    public void A_handler_that_throws_is_the_cause(
        [Values(typeof(InvalidTimeZoneException), typeof(OperationCanceledException), typeof(TrainingDivergedException))]
        Type kind,
        [Values(1, 4)] int step)
    {
        Exception fault = kind == typeof(TrainingDivergedException)
            ? new TrainingDivergedException(1, 0.1f, "mine")
            : (Exception)Activator.CreateInstance(kind, "mine")!;
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.Step == step) throw fault;
        });

        TrainingStoppedException stopped = Stopped(() => new Trainer(Small).Fit(NewModel(), Data, Data, progress));

        Assert.That((stopped.Cause, stopped.InnerException), Is.EqualTo((TrainingFault.ProgressHandler, fault)));
        AssertReport(stopped, step);
        Assert.That(
            stopped.Message, Does.StartWith($"Training stopped after step {step}: the progress handler failed ({kind.Name}: "));
    }

    [TestCase("Started", 0)]
    [TestCase("Evaluated", 2)]
    [TestCase("RateChanged", 4)]
    [TestCase("Ended", 9)]
    public void A_logger_that_throws_is_the_cause(string at, int steps)
    {
        double loss = 0;
        var options = Small with { Loss = new StubLoss(evaluate: () => loss++) };

        TrainingStoppedException stopped =
            Stopped(() => new Trainer(options, new ThrowingLogger(Fault, at, "Stopped")).Fit(NewModel(), Data, Data));

        Assert.That((stopped.Cause, stopped.InnerException), Is.EqualTo((TrainingFault.Logger, Fault)));
        AssertReport(stopped, steps);
        Assert.That(stopped.Message,
            Does.StartWith($"Training stopped after step {steps}: the logger failed (InvalidTimeZoneException: mine)."));
    }

    [Test]
    public void A_logger_that_throws_while_it_is_told_of_a_fault_does_not_take_its_place([Values] bool diverges)
    {
        int calls = 0;
        var options = Small with { Loss = new StubLoss(train: () => ++calls < 4 ? 1 : diverges ? double.NaN : throw Fault) };

        TrainingStoppedException stopped = Stopped(
            () => new Trainer(
                options, new ThrowingLogger(new InvalidDataException(), "Diverged", "Stopped")).Fit(NewModel(), Data, Data));

        Assert.That(stopped.Cause, Is.EqualTo(diverges ? TrainingFault.Divergence : TrainingFault.Component));
        Assert.That(stopped.InnerException, Is.SameAs(diverges ? null : Fault));
        Assert.That(stopped.Report!.Steps, Has.Count.EqualTo(3));
    }

    [Test]
    public void A_fault_is_logged_as_an_error_with_the_exception()
    {
        var logger = new RecordingLogger();
        int calls = 0;
        var options = Small with { Loss = new StubLoss(train: () => ++calls < 2 ? 1 : throw Fault) };

        TrainingStoppedException stopped = Stopped(() => new Trainer(options, logger).Fit(NewModel(), Data, Data));

        (LogLevel level, EventId id, string message, Exception? exception) = logger.Entries[^1];
        Assert.That((level, id.Name, message, exception), Is.EqualTo(
            (LogLevel.Error, "Stopped", "Training stopped after 1 steps: Component", (Exception)stopped)));
    }

    [Test]
    public void What_throws_before_the_first_step_is_not_wrapped_and_changes_nothing()
    {
        LogisticModel model = NewModel();
        var options = Small with { Schedule = new StubSchedule { Rate = (_, _) => throw Fault } };

        Assert.That(Assert.Catch(() => new Trainer(options).Fit(model, Data, Data)), Is.SameAs(Fault));
        Assert.That(Numbers.Bits(model.Weights.Latent), Is.EqualTo(Numbers.Bits(NewModel().Weights.Latent)));
    }

    [Test]
    public void An_exception_of_one_s_own_says_what_it_is_given()
    {
        var stopped = new TrainingStoppedException("what happened", TrainingFault.File, Fault);
        Assert.That((stopped.Message, stopped.Cause, stopped.InnerException, stopped.Report),
            Is.EqualTo(("what happened", TrainingFault.File, Fault, (TrainingReport?)null)));
        Assert.That(new TrainingDivergedException(1, 0.5f, "x").Cause, Is.EqualTo(TrainingFault.Divergence));
    }

    private static TrainingStoppedException Stopped(Action run) => Assert.Catch<TrainingStoppedException>(() => run())!;

    private static void AssertReport(TrainingStoppedException stopped, int steps)
    {
        Assert.That(stopped, Is.TypeOf<TrainingStoppedException>());
        Assert.That(stopped.Report!.StopReason, Is.EqualTo(StopReason.Failed));
        Assert.That(stopped.Report.Steps, Has.Count.EqualTo(steps));
        Assert.That(stopped.Report.Elapsed, Is.GreaterThan(TimeSpan.Zero));
    }

    private static TestCaseData Component(string name, Func<TrainerOptions, Func<int, double>, TrainerOptions> change) =>
        new TestCaseData(change).SetArgDisplayNames(name);

    private static Dataset Data => SmallData.Floats(10);

    private static LogisticModel NewModel() => new(SmallData.Features, SmallData.Classes, seed: 2);
}

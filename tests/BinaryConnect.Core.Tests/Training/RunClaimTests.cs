using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>Two runs at the same time may share objects without state.</summary>
internal sealed class RunClaimTests
{
    private static TrainerOptions New => new()
    {
        BatchSize = 4,
        MaxSteps = 3,
        EvaluateEverySteps = 1,
        Schedule = new PlateauDecay(0.1f, 0.5f, 9),
        Binarizer = new StochasticBinarizer(1),
        Optimizer = new Adam(),
    };

    private static IEnumerable<TestCaseData> Shared =>
    [
        Case("Optimizer", o => New with { Optimizer = o.Optimizer }),
        Case("Schedule", o => New with { Schedule = o.Schedule }),
        Case("Binarizer", o => New with { Binarizer = o.Binarizer }),
        Case("Optimizer", o => o with { Seed = 5 }),
    ];

    [TestCaseSource(nameof(Shared))]
    public void A_run_that_shares_live_state_with_one_that_goes_on_is_refused(
        string name, Func<TrainerOptions, TrainerOptions> share)
    {
        TrainerOptions options = New;
        Assert.That(FaultOfSecond(options, share(options), NewModel(), NewModel()), Is.EqualTo(MessageOf(name)));
    }

    [Test]
    public void A_model_that_a_run_trains_is_refused()
    {
        LogisticModel model = NewModel();
        Assert.That(FaultOfSecond(New, New, model, model), Is.EqualTo(MessageOf("model")));
    }

    [Test]
    public void A_sampler_that_a_run_draws_from_is_refused()
    {
        var sampler = new BatchSampler(SmallData.Floats(10), 4, seed: 1);
        string? fault = null;
        new Trainer(New).Fit(NewModel(), sampler, SmallData.Floats(10), new SynchronousProgress<TrainingProgress>(
            _ => fault ??= Assert.Throws<InvalidOperationException>(
                () => new Trainer(New).Fit(NewModel(), sampler, SmallData.Floats(10)))!.Message));
        Assert.That(fault, Is.EqualTo(MessageOf("sampler")));
    }

    [Test]
    public void What_has_no_state_is_shared()
    {
        TrainerOptions options = New with { Schedule = new CosineDecay(0.1f, 10), Binarizer = new DeterministicBinarizer() };
        Assert.That(FaultOfSecond(options, options with { Optimizer = new Adam() }, NewModel(), NewModel()), Is.Null);
    }

    [Test]
    public void A_run_that_has_ended_or_was_refused_holds_nothing()
    {
        TrainerOptions options = New;
        LogisticModel model = NewModel();
        var progress = new SynchronousProgress<TrainingProgress>(_ => throw new InvalidTimeZoneException());

        Assert.That(() => new Trainer(options).Fit(model, SmallData.Floats(10), SmallData.Floats(10), progress),
            Throws.TypeOf<TrainingStoppedException>());
        options.Optimizer.StateOf(model.Parameters[0]).Slot(0)[0] = float.NaN;
        Assert.That(() => new Trainer(options).Fit(model, SmallData.Floats(10), SmallData.Floats(10)), Throws.ArgumentException);
        options.Optimizer.Reset();
        Assert.That(FaultOfSecond(New, options with { Optimizer = options.Optimizer }, NewModel(), model), Is.Null);
        Assert.That(() => new Trainer(options).Fit(model, SmallData.Floats(10), SmallData.Floats(10)), Throws.Nothing);
    }

    // A run that is refused for its last object must release the objects that it claimed before.
    [Test]
    public void A_refused_run_gives_back_what_it_claimed_before()
    {
        TrainerOptions options = New, other = New with { Binarizer = options.Binarizer };
        LogisticModel model = NewModel();
        Assert.That(FaultOfSecond(options, other, NewModel(), model), Is.EqualTo(MessageOf("Binarizer")));
        Assert.That(() => new Trainer(other).Fit(model, SmallData.Floats(10), SmallData.Floats(10)), Throws.Nothing);
    }

    // The second run is tried from within the first.
    private static string? FaultOfSecond(TrainerOptions first, TrainerOptions second, IModel model, IModel other)
    {
        Exception? fault = null;
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.Step == 1) fault = Catch(() => new Trainer(second).Fit(other, SmallData.Floats(10), SmallData.Floats(10)));
        });
        TrainingReport report = new Trainer(first).Fit(model, SmallData.Floats(10), SmallData.Floats(10), progress);
        Assert.That(report.StopReason, Is.EqualTo(StopReason.Completed), "the first is not disturbed");
        Assert.That(fault, Is.Null.Or.TypeOf<InvalidOperationException>());
        return fault?.Message;
    }

    private static Exception? Catch(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception fault)
        {
            return fault;
        }
    }

    private static string MessageOf(string name) =>
        $"'{name}' is in use by a run that goes on; it serves one run at a time. Give each run its own.";

    private static TestCaseData Case(string name, Func<TrainerOptions, TrainerOptions> share) =>
        new TestCaseData(name, share).SetArgDisplayNames(name);

    private static LogisticModel NewModel() => new(SmallData.Features, SmallData.Classes, seed: 2);
}

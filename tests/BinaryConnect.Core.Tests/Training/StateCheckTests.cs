using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>Before a run, or before steps by hand, all state that a step does not overwrite is checked.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class StateCheckTests
{
    private static readonly Dataset Data = SmallData.Floats(12);

    private readonly MultilayerPerceptron _model = SmallNetwork.New();

    private static IEnumerable<TestCaseData> Faults =>
    [
        Case(new Adam(), 1, float.NaN, "'variance' is NaN at index 2; it must be at least 0 and at most 1.66E+35"),
        Case(new Adam(), 1, -1, "'variance' is -1 at index 2; it must be at least 0 and at most 1.66E+35"),
        Case(new Adam(), 1, float.MaxValue, "'variance' is 3.4028235E+38 at index 2; it must be at least 0 and at most 1.66E+35"),
        Case(new Adam(),
            0, float.NegativeInfinity, "'mean' is -Infinity at index 2; it must be at least -5.76E+17 and at most 5.76E+17"),
        Case(new Sgd(0.5f), 0, float.NaN, "'velocity' is NaN at index 2; it must be at least -5.76E+17 and at most 5.76E+17"),
        Case(new Sgd(0.5f, nesterov: true),
            0, 1e18f, "'velocity' is 1E+18 at index 2; it must be at least -5.76E+17 and at most 5.76E+17"),
        Case(new OwnOptimizer(), 0, float.NaN, "'velocity' is NaN at index 2; it must be finite"),
    ];

    [TestCaseSource(nameof(Faults))]
    public void Optimizer_that_cannot_go_on_is_refused_until_it_is_reset(
        IOptimizer optimizer, int slot, float value, string fault)
    {
        var schedule = new StubSchedule { ListensToEvaluations = false };
        var options = new TrainerOptions { BatchSize = 4, Optimizer = optimizer, Schedule = schedule };
        new Trainer(options).Fit(_model, Data);
        optimizer.StateOf(_model.Parameters[1]).Slot(slot)[2] = value;
        int[] before = SmallNetwork.Bits(_model);
        string message =
            $"'Optimizer', {optimizer.GetType().Name}, cannot go on from its state of '{_model.Parameters[1].Name}': {fault}. "
            + "Call its 'Reset' first, or give it another state.";

        Assert.That(() => new Trainer(options).Fit(_model, Data), Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(() => new TrainingStep(_model, options), Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(SmallNetwork.Bits(_model), Is.EqualTo(before));
        Assert.That(schedule.Resets, Is.EqualTo(1), "that of the first run");

        optimizer.Reset();
        new Trainer(options).Fit(_model, Data);
        Assert.That(SmallNetwork.Bits(_model), Is.Not.EqualTo(before));
    }

    [Test]
    public void Statistic_that_is_not_finite_is_refused([Values(float.NaN, float.PositiveInfinity)] float value)
    {
        _model.Statistics[1].Values[3] = value;
        int[] before = SmallNetwork.Bits(_model);

        Assert.That(() => new Trainer(new TrainerOptions { BatchSize = 4 }).Fit(_model, Data),
            Throws.ArgumentException.With.Message.EqualTo(
            $"'{_model.Statistics[1].Name}' of the model has NaN or infinite values; all must be finite. (Parameter 'model')"));
        Assert.That(SmallNetwork.Bits(_model), Is.EqualTo(before));
    }

    [Test]
    public void Variance_that_is_negative_is_refused_and_a_mean_is_not()
    {
        _model.Statistics[0].Values[3] = -0.25f;
        var options = new TrainerOptions { BatchSize = 4, MaxSteps = 1 };
        Assert.That(() => new Trainer(options).Fit(_model, Data), Throws.Nothing);
        _model.Statistics[1].Values[3] = -0.25f;

        Assert.That(() => new Trainer(options).Fit(_model, Data), Throws.ArgumentException.With.Message.EqualTo(
            "'layer1.variance' of the model has -0.25; all values must be at least 0. (Parameter 'model')"));
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    [TestCase(-0.5f)]
    public void Schedule_without_a_first_rate_is_refused_and_keeps_its_state(float rate)
    {
        var schedule = new RememberingSchedule(rate) { State = [3] };
        int[] before = SmallNetwork.Bits(_model);

        Assert.That(() => new Trainer(new TrainerOptions { BatchSize = 4, Schedule = schedule }).Fit(_model, Data),
            Throws.ArgumentException.With.Message.EqualTo(
            $"'Schedule' gives {rate} for the first step; a rate must be zero or positive, and finite."));
        Assert.That(schedule.State, Is.EqualTo(new double[] { 3 }));
        Assert.That(SmallNetwork.Bits(_model), Is.EqualTo(before));
    }

    // A batch of huge inputs diverges. The moments are restored, so a run on good data stays finite.
    [Test]
    public void A_run_on_good_data_after_one_that_diverged_is_finite(
        [Values("adam", "momentum", "nesterov", "own")] string kind, [Values(1e19f, 1e30f, 3e38f)] float size)
    {
        IOptimizer optimizer = kind switch
        {
            "adam" => new Adam(),
            "momentum" => new Sgd(0.9f),
            "nesterov" => new Sgd(0.9f, nesterov: true),
            _ => new OwnOptimizer(),
        };
        var model = new LogisticModel(SmallData.Features, SmallData.Classes, seed: 2);
        var trainer = new Trainer(new TrainerOptions { BatchSize = 4, MaxSteps = 20, Optimizer = optimizer });
        float[] features = Numbers.Uniform(1, 12 * SmallData.Features);
        features[5 * SmallData.Features] = size;
        Dataset bad = Dataset.FromFloats(features, Data.Labels.ToArray(), SmallData.Features, SmallData.Classes);
        trainer.Fit(model, Data);

        Assert.That(() => trainer.Fit(model, bad), Throws.TypeOf<TrainingDivergedException>());
        Assert.That(model.Parameters.SelectMany(parameter => parameter.Latent.ToArray()), Is.All.Matches<float>(float.IsFinite));
        Assert.That(model.Parameters.Select(parameter => optimizer.StateOf(parameter).Fault()), Is.All.Null);

        TrainingReport report = trainer.Fit(model, Data, Data);
        Assert.That(model.Parameters.SelectMany(parameter => parameter.Latent.ToArray()), Is.All.Matches<float>(float.IsFinite));
        Assert.That(report.StopReason, Is.EqualTo(StopReason.Completed));
    }

    private static TestCaseData Case(IOptimizer optimizer, int slot, float value, string fault) =>
        new TestCaseData(optimizer, slot, value, fault).SetArgDisplayNames(optimizer.GetType().Name, fault);

    /// <summary>A schedule whose state is one number, and whose rate is no rate.</summary>
    private sealed class RememberingSchedule(float rate) : ILearningRateSchedule
    {
        public IReadOnlyList<double> State { get; set; } = [0];

        public float RateAt(int step) => rate;

        public void Reset() => State = [0];
    }
}

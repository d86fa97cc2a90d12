using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>The length of runs, their reports, and that equal runs give equal bits.</summary>
internal sealed class TrainerTests
{
    private static readonly TrainerOptions Small = new() { BatchSize = 4 };

    [TestCase(null, null, PartialBatch.Wrap, 3, Description = "one epoch of ten rows where nothing is asked for")]
    [TestCase(null, null, PartialBatch.Drop, 2)]
    [TestCase(null, null, PartialBatch.Keep, 3)]
    [TestCase(null, 2, PartialBatch.Wrap, 5)]
    [TestCase(null, 2, PartialBatch.Drop, 4)]
    [TestCase(null, 2, PartialBatch.Keep, 6)]
    [TestCase(7, null, PartialBatch.Wrap, 7)]
    [TestCase(1, null, PartialBatch.Drop, 1)]
    [TestCase(4, 2, PartialBatch.Wrap, 4)]
    [TestCase(9, 2, PartialBatch.Wrap, 5)]
    [TestCase(9, 2, PartialBatch.Keep, 6)]
    public void Run_has_the_steps_that_the_bounds_allow(int? maxSteps, int? maxEpochs, PartialBatch lastBatch, int expected)
    {
        var seen = new List<TrainingProgress>();
        var trainer = new Trainer(Small with { MaxSteps = maxSteps, MaxEpochs = maxEpochs, PartialBatch = lastBatch });

        TrainingReport report = trainer.Fit(
            NewModel(), SmallData.Floats(10), progress: new SynchronousProgress<TrainingProgress>(seen.Add));

        Assert.That(report.Steps, Has.Count.EqualTo(expected));
        Assert.That(report.StopReason, Is.EqualTo(StopReason.Completed));
        Assert.That(seen.Select(p => p.Step), Is.EqualTo(Enumerable.Range(1, expected)));
        Assert.That(seen.Select(p => p.TotalSteps), Is.All.EqualTo(expected));
        Assert.That(seen.Select(p => p.Result), Is.EqualTo(report.Steps));
        Assert.That(seen.Select(p => p.Evaluation), Is.All.Null);
        Assert.That(seen.Select(p => p.RateChange), Is.All.Null);
        Assert.That(report.Evaluations, Is.Empty);
        Assert.That(report.Elapsed, Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public void Progress_comes_with_the_run_up_to_its_step()
    {
        var seen = new List<(int Steps, StepResult Last, int Evaluations)>();
        var trainer = new Trainer(Small with { MaxSteps = 3, EvaluateEverySteps = 2 });

        TrainingReport report = trainer.Fit(
            NewModel(), SmallData.Floats(10), SmallData.Floats(10),
            new SynchronousProgress<TrainingProgress>(
                p => seen.Add((p.Report.Steps.Count, p.Report.Steps[^1], p.Report.Evaluations.Count))));

        Assert.That(seen, Is.EqualTo(new[] { (1, report.Steps[0], 0), (2, report.Steps[1], 1), (3, report.Steps[2], 2) }));
    }

    [Test]
    public void Steps_are_those_of_a_training_step_on_the_sampler_s_batches()
    {
        LogisticModel model = NewModel(), byHand = NewModel();
        Dataset data = SmallData.Bytes(10);
        var schedule = new StepDecay(0.5f, 0.5f, 2);
        var step = new TrainingStep(byHand, Small);
        var sampler = new BatchSampler(data, 4, seed: 3, PartialBatch.Keep);
        StepResult[] expected = [.. Enumerable.Range(0, 6).Select(i => step.Run(sampler.NextRaw(), schedule.RateAt(i)))];

        TrainerOptions options = Small with
        {
            MaxEpochs = 2,
            Schedule = schedule,
            Seed = 3,
            PartialBatch = PartialBatch.Keep,
        };
        TrainingReport report = new Trainer(options).Fit(model, data);

        Assert.That(report.Steps, Is.EqualTo(expected));
        Assert.That(report.Seed, Is.EqualTo(3));
        Assert.That(Numbers.Bits(model.Weights.Latent), Is.EqualTo(Numbers.Bits(byHand.Weights.Latent)));
        Assert.That(Numbers.Bits(model.Bias.Latent), Is.EqualTo(Numbers.Bits(byHand.Bias.Latent)));
    }

    [Test]
    public void Same_seeds_give_the_same_bits_and_others_do_not()
    {
        (int[] Weights, IReadOnlyList<StepResult> Steps) Run(int seed)
        {
            LogisticModel model = NewModel();
            var options = Small with
            {
                MaxSteps = 20,
                Seed = seed,
                Binarizer = new StochasticBinarizer(5),
                Optimizer = new Adam(),
            };
            IReadOnlyList<StepResult> steps = new Trainer(options).Fit(model, SmallData.Bytes(30)).Steps;
            return (Numbers.Bits(model.Weights.Latent), steps);
        }

        (int[] weights, IReadOnlyList<StepResult> steps) = Run(1);
        Assert.That(Run(1).Weights, Is.EqualTo(weights));
        Assert.That(Run(1).Steps, Is.EqualTo(steps));
        Assert.That(Run(2).Weights, Is.Not.EqualTo(weights));
    }

    // The binarizer and dropout draw, and are the same objects each time.
    [Test]
    public void Runs_with_the_same_options_start_from_the_same_seeds()
    {
        var options = Small with
        {
            MaxSteps = 9,
            EvaluateEverySteps = 2,
            Schedule = new PlateauDecay(0.2f, 0.5f, 9),
            Binarizer = new StochasticBinarizer(1),
        };
        MultilayerPerceptron[] models =
            [.. Enumerable.Range(0, 3).Select(_ => new MultilayerPerceptron(SmallNetwork.Options with { HiddenDropout = 0.3f }))];
        models[2].Draws = [7, 8];

        TrainingReport[] reports =
            [.. models.Select(model => new Trainer(options).Fit(model, SmallData.Bytes(10), SmallData.Bytes(9)))];

        foreach (int run in new[] { 1, 2 })
        {
            Assert.That(reports[run].Steps, Is.EqualTo(reports[0].Steps));
            Assert.That(reports[run].Evaluations, Is.EqualTo(reports[0].Evaluations));
            Assert.That(reports[run].RateChanges, Is.EqualTo(reports[0].RateChanges));
            Assert.That(SmallNetwork.Bits(models[run]), Is.EqualTo(SmallNetwork.Bits(models[0])));
        }
    }

    [Test]
    public void A_second_run_on_a_model_goes_on_with_the_moments_of_the_optimizer_unless_they_are_reset([Values] bool resets)
    {
        var optimizer = new Adam();
        var trainer = new Trainer(Small with { MaxSteps = 3, Optimizer = optimizer });
        LogisticModel model = NewModel();
        trainer.Fit(model, SmallData.Floats(10));
        float[] moments = optimizer.StateOf(model.Weights).Slot(1).ToArray();
        if (resets) optimizer.Reset();

        trainer.Fit(model, SmallData.Floats(10));

        Assert.That(optimizer.StateOf(model.Weights).Steps, Is.EqualTo(resets ? 3 : 6));
        Assert.That(moments, Is.Not.All.Zero);
    }

    [Test]
    public void Training_learns()
    {
        LogisticModel model = NewModel();
        Dataset data = SmallData.Floats(200);
        var trainer = new Trainer(
            new TrainerOptions { BatchSize = 20, MaxEpochs = 30, Optimizer = new Adam(), Schedule = new ConstantRate(0.01f) });
        EvaluationResult before = trainer.Evaluate(model, data);

        TrainingReport report = trainer.Fit(model, data, data);

        Assert.That(report.FinalEvaluation!.Accuracy, Is.GreaterThan(before.Accuracy + 0.2));
        Assert.That(report.FinalEvaluation.Loss, Is.LessThan(before.Loss));
        Assert.That(
            trainer.Evaluate(model, data).Loss, Is.EqualTo(report.FinalEvaluation.Loss), "the model is left as it was evaluated");
    }

    [Test]
    public void Replayed_order_is_used_once_and_its_end_is_named()
    {
        int[] order = [.. Enumerable.Range(0, 10)];
        Dataset data = SmallData.Floats(10);
        BatchSampler Replay() => BatchSampler.Replay(data, 4, order);

        Assert.That(new Trainer(Small).Fit(NewModel(), Replay()).Steps, Has.Count.EqualTo(3));
        Assert.That(new Trainer(Small with { MaxSteps = 3 }).Fit(NewModel(), Replay()).Steps, Has.Count.EqualTo(3));
        Assert.That(
            () => new Trainer(Small with { MaxSteps = 4 }).Fit(NewModel(), Replay()),
            Throws.ArgumentException.With.Message.EqualTo(TooShort(left: 3, asked: 4)));
        Assert.That(
            () => new Trainer(Small with { MaxEpochs = 2 }).Fit(NewModel(), Replay()),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'epochs' is 2; a replayed order has one epoch. (Parameter 'epochs')"));
    }

    // It is known before the first step, so nothing has changed.
    [Test]
    public void Replayed_order_that_is_used_up_in_part_must_last_for_the_steps_asked_for()
    {
        var sampler = BatchSampler.Replay(SmallData.Floats(10), 4, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8 });
        sampler.Next();
        LogisticModel model = NewModel();

        Assert.That(() => new Trainer(Small).Fit(model, sampler),
            Throws.ArgumentException.With.Message.EqualTo(TooShort(left: 2, asked: 3)));
        Assert.That(Numbers.Bits(model.Weights.Latent), Is.EqualTo(Numbers.Bits(NewModel().Weights.Latent)));
        Assert.That(new Trainer(Small with { MaxSteps = 2 }).Fit(model, sampler).Steps, Has.Count.EqualTo(2));
        Assert.That(() => new Trainer(Small with { MaxSteps = 1 }).Fit(model, sampler),
            Throws.ArgumentException.With.Message.EqualTo(TooShort(left: 0, asked: 1)));
    }

    [Test]
    public void Sampler_goes_on_from_where_it_stands()
    {
        LogisticModel whole = NewModel(), parts = NewModel();
        var sampler = new BatchSampler(SmallData.Floats(10), 4, 0);
        var trainer = new Trainer(Small with { MaxSteps = 3 });

        new Trainer(Small with { MaxSteps = 6 }).Fit(whole, SmallData.Floats(10));
        trainer.Fit(parts, sampler);
        trainer.Fit(parts, sampler);

        Assert.That(Numbers.Bits(parts.Weights.Latent), Is.EqualTo(Numbers.Bits(whole.Weights.Latent)));
    }

    [Test]
    public void Schedule_is_reset_before_each_run_and_asked_once_a_step()
    {
        var schedule = new StubSchedule { ListensToEvaluations = false };
        var trainer = new Trainer(Small with { MaxSteps = 3, Schedule = schedule });

        trainer.Fit(NewModel(), SmallData.Floats(10));
        trainer.Fit(NewModel(), SmallData.Floats(10));

        Assert.That(schedule.Resets, Is.EqualTo(2));
        Assert.That(schedule.Asked, Is.EqualTo(new[] { 0, 1, 2, 0, 1, 2 }));
    }

    private static string TooShort(int left, int asked) =>
        $"'sampler' has {left} batches left of its replayed order, and 'MaxSteps' and 'MaxEpochs' ask for {asked} steps; "
        + "there must be a batch for each.";

    private static LogisticModel NewModel() => new(SmallData.Features, SmallData.Classes, seed: 2);
}

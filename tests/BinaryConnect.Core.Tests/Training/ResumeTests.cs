using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>A run that is stopped at any step, and resumed, ends in the bits of an uninterrupted run.</summary>
internal sealed class ResumeTests
{
    private TemporaryFolder _folder = null!;
    private string _path = "";

    private static IEnumerable<ResumableRun> Runs => ResumableRun.All;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        _path = _folder.PathOf("run.safetensors");
    }

    [TearDown]
    public void CleanUp() => _folder.Dispose();

    [TestCaseSource(nameof(Runs))]
    public void A_run_lost_after_any_step_ends_the_same(ResumableRun run)
    {
        Outcome expected = run.Go(resumes: false);
        var saved = new List<string>();

        // At each step but the first, the checkpoint is that of the step before.
        Outcome checkpointed = run.Go(resumes: false, EveryStep, p =>
        {
            if (p.Step > 1) saved.Add(_folder.Write($"{p.Step - 1}", File.ReadAllBytes(_path)));
        });

        expected.AssertSame(checkpointed, "checkpoints change nothing");
        Assert.That(saved, Has.Count.EqualTo(expected.Steps.Count - 1));
        Assert.That(expected.Steps.Count, Is.GreaterThan(6));
        foreach (string file in saved)
            expected.AssertSame(run.Go(resumes: true, options => options with { CheckpointPath = file }), file);
    }

    [TestCaseSource(nameof(Runs))]
    public void A_run_cancelled_after_any_step_goes_on(ResumableRun run)
    {
        Outcome expected = run.Go(resumes: false);
        for (int after = 0; after < expected.Steps.Count; after++)
        {
            Outcome cancelled = run.Go(resumes: false, Save, cancelAfter: after);
            Assert.That((cancelled.StopReason, cancelled.Steps.Count), Is.EqualTo((StopReason.Cancelled, after)));

            expected.AssertSame(run.Go(resumes: true, Save), $"cancelled after {after}");
        }
    }

    [TestCaseSource(nameof(Runs))]
    public void A_run_cancelled_after_each_step_in_turn_gets_to_its_end(ResumableRun run)
    {
        Outcome expected = run.Go(resumes: false);
        run.Go(resumes: false, Save, cancelAfter: 0);

        for (int after = 1; after < expected.Steps.Count; after++) run.Go(resumes: true, Save, cancelAfter: after);

        expected.AssertSame(run.Go(resumes: true, Save), "resumed again and again");
    }

    [TestCaseSource(nameof(Runs))]
    public void A_run_resumed_and_cancelled_at_once_leaves_the_model_as_it_was_left(ResumableRun run)
    {
        Outcome cancelled = run.Go(resumes: false, Save, cancelAfter: 5);

        cancelled.AssertSame(run.Go(resumes: true, Save, cancelAfter: 0), "nothing was trained in between");
    }

    [TestCaseSource(nameof(Runs))]
    public void The_same_trainer_and_model_go_on_as_well_as_new_ones(ResumableRun run)
    {
        Outcome expected = run.Go(resumes: false);
        IModel model = run.NewModel();
        var trainer = new Trainer(Save(run.NewOptions()));
        run.Go(resumes: false, model, trainer, cancelAfter: 5);

        expected.AssertSame(Outcome.Of(model, run.Go(resumes: true, model, trainer)), "by the same trainer");
    }

    [TestCaseSource(nameof(Runs))]
    public void A_run_that_ended_ends_the_same_once_more(ResumableRun run)
    {
        Outcome expected = run.Go(resumes: false, options => Save(options) with { CheckpointEverySteps = 4 });

        expected.AssertSame(run.Go(resumes: true, Save), "from the last checkpoint before the end");
    }

    [TestCaseSource(nameof(Runs))]
    public void A_run_that_ended_with_a_due_evaluation_is_complete_in_its_checkpoint(ResumableRun run)
    {
        TrainerOptions Short(TrainerOptions options) =>
            Save(options) with { MaxSteps = 6, EvaluateEverySteps = 3, CheckpointEverySteps = 2 };
        Outcome expected = run.Go(resumes: false, Short);
        int stepsTaken = 0;

        Outcome outcome = run.Go(resumes: true, Short, _ => stepsTaken++);

        expected.AssertSame(outcome, "there was nothing left to do");
        Assert.That((outcome.StopReason, stepsTaken), Is.EqualTo((StopReason.Completed, 0)));
    }

    [Test]
    public void A_run_goes_on_to_more_steps_than_were_asked_for()
    {
        ResumableRun run = Runs.Last();
        Outcome expected = run.Go(resumes: false, options => options with { MaxSteps = 50, EarlyStopPatience = null });
        run.Go(resumes: false, options => Save(options) with { CheckpointEverySteps = 5, EarlyStopPatience = null });

        expected.AssertSame(
            run.Go(resumes: true, options => Save(options) with { MaxSteps = 50, EarlyStopPatience = null }),
            "15 steps of 20, then 35 of 50");
    }

    [Test]
    public void Progress_is_told_of_the_steps_from_the_checkpoint_on()
    {
        ResumableRun run = Runs.First();
        run.Go(resumes: false, Save, cancelAfter: 7);
        var seen = new List<TrainingProgress>();

        Outcome outcome = run.Go(resumes: true, Save, seen.Add);

        Assert.That(seen.Select(p => p.Step), Is.EqualTo(Enumerable.Range(8, outcome.Steps.Count - 7)));
        Assert.That(seen.Select(p => p.Result), Is.EqualTo(outcome.Steps.Skip(7)));
    }

    [Test]
    public void Time_before_the_checkpoint_counts()
    {
        ResumableRun run = Runs.First();
        IModel model = run.NewModel();
        var trainer = new Trainer(Save(run.NewOptions()));
        TrainingReport before = run.Go(resumes: false, model, trainer, _ => Thread.Sleep(5), cancelAfter: 10);

        TrainingReport after = run.Go(resumes: true, model, trainer, cancelAfter: 0);

        Assert.That(before.Elapsed, Is.GreaterThan(TimeSpan.FromMilliseconds(45)));
        Assert.That(after.Elapsed, Is.GreaterThan(TimeSpan.FromMilliseconds(45)));
    }

    private TrainerOptions Save(TrainerOptions options) => options with { CheckpointPath = _path };

    private TrainerOptions EveryStep(TrainerOptions options) => options with { CheckpointPath = _path, CheckpointEverySteps = 1 };
}

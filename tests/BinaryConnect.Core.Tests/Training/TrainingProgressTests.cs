using System.Collections.Concurrent;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using BinaryConnect.Training.Reports;

namespace BinaryConnect.Tests.Training;

/// <summary>The report of a progress handler belongs to its step, whenever and on whatever thread it is read.</summary>
internal sealed class TrainingProgressTests
{
    private const int Steps = 2_000, Every = 5;

    private static TrainerOptions Options => OptionsWith(_ => { });

    // Progress<T> runs its handlers on threads of the pool, late and out of order, while the run continues.
    [Test]
    public void Handlers_on_other_threads_read_the_report_of_their_step_while_the_run_goes_on()
    {
        var faults = new ConcurrentQueue<string>();
        int inTheRun = 0;
        bool hasEnded = false;
        using var left = new CountdownEvent(Steps);
        var progress = new Progress<TrainingProgress>(p =>
        {
            if (!Volatile.Read(ref hasEnded)) Interlocked.Increment(ref inTheRun);
            try
            {
                if (FaultIn(p) is string fault) faults.Enqueue($"step {p.Step}: {fault}");
            }
            catch (Exception fault)
            {
                faults.Enqueue($"step {p.Step}: {fault}");
            }

            left.Signal();
        });

        // Other threads may be slow to wake; then the run waits in its middle.
        TrainerOptions options = OptionsWith(step =>
        {
            if (step == Steps / 2) SpinWait.SpinUntil(() => Volatile.Read(ref inTheRun) > 0, TimeSpan.FromMinutes(5));
        });

        TrainingReport report = new Trainer(options).Fit(Model(), Data, Data, progress);
        Volatile.Write(ref hasEnded, true);

        Assert.That(left.Wait(TimeSpan.FromMinutes(10)), Is.True, "a handler for each step");
        Assert.That(faults, Is.Empty);
        Assert.That(inTheRun, Is.Positive, "some handlers read while the run went on");
        Assert.That(report.StopReason, Is.EqualTo(StopReason.Completed));
    }

    [Test]
    public void What_a_handler_keeps_is_still_of_its_step_when_the_run_is_over()
    {
        var seen = new List<TrainingProgress>();

        TrainingReport report =
            new Trainer(Options).Fit(Model(), Data, Data, new SynchronousProgress<TrainingProgress>(seen.Add));

        Assert.That(seen.Select(FaultIn), Is.All.Null);
        Assert.That(seen[^1].Report.Steps.ToArray(), Is.EqualTo(report.Steps));
        Assert.That(seen[^1].Report.Evaluations.ToArray(), Is.EqualTo(report.Evaluations));
        Assert.That(seen[^1].Report.RateChanges.ToArray(), Is.EqualTo(report.RateChanges).And.Not.Empty);
    }

    [Test]
    public void A_run_is_running_until_it_ends()
    {
        var seen = new List<StopReason>();
        TrainingReport report = new Trainer(Options).Fit(
            Model(), Data, Data, new SynchronousProgress<TrainingProgress>(p => seen.Add(p.Report.StopReason)));

        Assert.That(seen, Has.Count.EqualTo(Steps).And.All.EqualTo(StopReason.Running));
        Assert.That(report.StopReason, Is.EqualTo(StopReason.Completed));
    }

    [Test]
    public void A_view_says_what_its_run_does()
    {
        TrainingReportView view = default;
        var options = Options with { Seed = 42, EvaluationWeights = EvaluationWeights.Latent };
        new Trainer(options).Fit(Model(), Data, Data, new SynchronousProgress<TrainingProgress>(p => view = p.Report));

        Assert.That((view.Seed, view.EvaluationWeights), Is.EqualTo((42, EvaluationWeights.Latent)));
    }

    [Test]
    public void Reading_all_of_a_report_allocates_nothing_and_neither_does_a_step()
    {
        double sum = 0;
        long[] allocated = new long[Steps];
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            foreach (StepResult step in p.Report.Steps) sum += step.Loss;
            for (int i = 0; i < p.Report.Evaluations.Count; i++) sum += p.Report.Evaluations[i].Loss;
            allocated[p.Step - 1] = GC.GetAllocatedBytesForCurrentThread();
        });

        Allocations.AwaitCollections();
        new Trainer(new TrainerOptions { BatchSize = 4, MaxSteps = Steps })
            .Fit(new LogisticModel(SmallData.Features, SmallData.Classes), SmallData.Floats(10), progress: progress);

        Assert.That(allocated.Zip(allocated.Skip(1), (before, after) => after - before), Is.All.Zero);
        Assert.That(sum, Is.Positive);
    }

    // Step s has loss s; evaluation e has loss e, and each tenth lets the rate fall.
    private static TrainerOptions OptionsWith(Action<int> onStep)
    {
        int step = 0, evaluation = 0;
        return new TrainerOptions
        {
            BatchSize = 4,
            MaxSteps = Steps,
            EvaluateEverySteps = Every,
            Loss = new StubLoss(train: Train, evaluate: () => ++evaluation),
            Schedule = new StubSchedule { Rate = (schedule, _) => 1f / (1 + schedule.Observed.Count / 10) },
        };

        double Train()
        {
            onStep(++step);
            return step;
        }
    }

    // Null where the report is that of the step.
    private static string? FaultIn(TrainingProgress p)
    {
        TrainingReportView report = p.Report;
        double sum = 0;
        int steps = 0, evaluations = 0;
        foreach (StepResult step in report.Steps)
        {
            steps++;
            sum += step.Loss;
        }

        if (steps != p.Step || sum != p.Step * (p.Step + 1.0) / 2 || report.Steps[^1] != p.Result) return "other steps";
        foreach (EvaluationResult evaluation in report.Evaluations)
        {
            if (evaluation.Loss != ++evaluations || evaluation.Step != evaluations * Every) return "other evaluations";
        }

        if (evaluations != p.Step / Every || report.Evaluations.Count != evaluations) return "another number of evaluations";
        bool hasAny = report.FinalEvaluation is not null || report.BestEvaluation is not null;
        if (evaluations == 0) return hasAny ? "an evaluation before the first" : null;
        if (!ReferenceEquals(report.FinalEvaluation, report.Evaluations[^1])) return "another final evaluation";
        if (!ReferenceEquals(report.BestEvaluation, report.Evaluations[0])) return "another best evaluation";
        if (report.RateChanges.Count != evaluations / 10) return "another number of changes of rate";
        return report.StopReason == StopReason.Running ? null : "a run that does not run";
    }

    private static Dataset Data => SmallData.Floats(10);

    private static StubModel Model() => new(SmallData.Features, SmallData.Classes);
}

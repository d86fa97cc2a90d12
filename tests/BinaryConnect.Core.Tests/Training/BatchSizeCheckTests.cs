using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>A model that normalizes by the batch needs at least two rows in each.</summary>
internal sealed class BatchSizeCheckTests
{
    private const string OneRowBatches =
        "'BatchSize' is 1; for this model it must be at least its 'LeastRows', 2. (Parameter 'options')";
    private const string OneRowData =
        "'train' has 1 row; for this model it must have at least its 'LeastRows', 2. (Parameter 'train')";

    private static readonly Dataset Data = SmallData.Floats(9), OneRow = SmallData.Floats(1);

    [Test]
    public void Batches_of_one_row_are_refused_before_anything_changes()
    {
        MultilayerPerceptron model = SmallNetwork.New();
        int[] before = SmallNetwork.Bits(model);
        var schedule = new StubSchedule { ListensToEvaluations = false };
        var options = new TrainerOptions { BatchSize = 1, Schedule = schedule };

        AssertRefused(OneRowBatches, () => new Trainer(options).Fit(model, Data));
        AssertRefused(OneRowBatches, () => new Trainer(options).Fit(model, new BatchSampler(Data, 1, seed: 1)));
        AssertRefused(OneRowBatches, () => new Trainer(options with { CheckpointPath = "x" }).Resume(model, Data));
        AssertRefused(OneRowBatches, () => _ = new TrainingStep(model, options));
        AssertRefused(OneRowBatches, () => new Trainer(options).Evaluate(model, Data, EvaluationWeights.Inference, Data));

        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(before));
        Assert.That(schedule.Resets, Is.Zero);
    }

    [Test]
    public void Training_data_of_one_row_are_refused_before_anything_changes([Values] bool recomputes)
    {
        MultilayerPerceptron model = SmallNetwork.New();
        int[] before = SmallNetwork.Bits(model);
        var trainer = new Trainer(new TrainerOptions { BatchSize = 4, RecomputeStatistics = recomputes });

        AssertRefused(OneRowData, () => trainer.Fit(model, OneRow));
        AssertRefused(OneRowData, () => trainer.Evaluate(model, Data, EvaluationWeights.Inference, OneRow));
        AssertRefused(OneRowData, () => trainer.Fit(model, BatchSampler.Replay(OneRow, 4, new int[4])));
        AssertRefused(
            "'sampler' has 1 row in its order; for this model it must have at least its 'LeastRows', 2. (Parameter 'sampler')",
            () => trainer.Fit(model, BatchSampler.Replay(Data, 4, new int[1])));

        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(before));
    }

    [Test]
    public void Two_rows_are_enough()
    {
        var trainer = new Trainer(new TrainerOptions { BatchSize = 2, RecomputeStatistics = true });
        Assert.That(trainer.Fit(SmallNetwork.New(), SmallData.Floats(2), OneRow).StopReason, Is.EqualTo(StopReason.Completed));
    }

    [Test]
    public void A_model_without_batch_normalization_takes_single_rows()
    {
        var options = new TrainerOptions { BatchSize = 1, RecomputeStatistics = true };
        var network = new MultilayerPerceptron(SmallNetwork.Options with { Normalization = Normalization.None });

        Assert.That(new Trainer(options).Fit(network, OneRow, OneRow).StopReason, Is.EqualTo(StopReason.Completed));
        var logistic = new LogisticModel(SmallData.Features, SmallData.Classes);
        Assert.That(new Trainer(options).Fit(logistic, OneRow, OneRow).StopReason, Is.EqualTo(StopReason.Completed));
    }

    [Test]
    public void A_model_of_one_s_own_says_how_many_rows_it_needs()
    {
        var options = new TrainerOptions { BatchSize = 8 };
        AssertRefused(
            "'BatchSize' is 8; for this model it must be at least its 'LeastRows', 9. (Parameter 'options')",
            () => new Trainer(options).Fit(new DemandingModel(9), Data));
        AssertRefused(
            "'train' has 9 rows; for this model it must have at least its 'LeastRows', 10. (Parameter 'train')",
            () => new Trainer(options with { BatchSize = 10 }).Fit(new DemandingModel(10), Data));
    }

    // Nine rows are two batches of four and one of one row.
    [Test]
    public void A_last_batch_of_one_row_takes_a_step_and_leaves_the_averages_alone()
    {
        MultilayerPerceptron model = SmallNetwork.New();
        var seen = new List<int[]>();
        var progress = new SynchronousProgress<TrainingProgress>(
            _ => seen.Add([.. model.Statistics.SelectMany(statistic => Numbers.Bits(statistic.Values))]));

        TrainingReport report =
            new Trainer(new TrainerOptions { BatchSize = 4, PartialBatch = PartialBatch.Keep })
                .Fit(model, Data, progress: progress);

        Assert.That(report.Steps, Has.Count.EqualTo(3));
        Assert.That(seen[1], Is.Not.EqualTo(seen[0]));
        Assert.That(seen[2], Is.EqualTo(seen[1]));
        Assert.That(report.Steps[2].Loss, Is.Positive.And.LessThan(10));
    }

    private static void AssertRefused(string message, Action run) =>
        Assert.That(() => run(), Throws.ArgumentException.With.Message.EqualTo(message));

    private sealed class DemandingModel(int rows) : IModel
    {
        public int FeatureCount => SmallData.Features;

        public int ClassCount => SmallData.Classes;

        public IReadOnlyList<Parameter> Parameters => [];

        public IReadOnlyList<long> Draws
        {
            get => [];
            set { }
        }

        public int LeastRows => rows;

        public void Forward(Batch batch, Span<float> logits) => logits.Clear();

        public void Backward(Batch batch, ReadOnlySpan<float> logitsGradient)
        {
        }
    }
}

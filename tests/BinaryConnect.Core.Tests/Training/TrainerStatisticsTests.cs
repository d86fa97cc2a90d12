using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>The statistics of batch normalization during a run.</summary>
internal sealed class TrainerStatisticsTests
{
    private static readonly Dataset Train = SmallData.Bytes(21), Evaluation = SmallData.Bytes(9, seed: 2);

    private static TrainerOptions Small => new()
    {
        BatchSize = 5,
        MaxSteps = 9,
        EvaluateEverySteps = 3,
        Binarizer = new StochasticBinarizer(1),
        Loss = new SquaredHingeLoss(),
        Optimizer = new Adam(),
        Schedule = new ConstantRate(0.01f),
        RecomputeStatistics = true,
    };

    [Test]
    public void Evaluations_use_statistics_of_the_training_set_for_their_weights(
        [Values(EvaluationWeights.Inference, EvaluationWeights.LastStep, EvaluationWeights.Latent)] EvaluationWeights which)
    {
        MultilayerPerceptron model = SmallNetwork.New();
        TrainerOptions options = Small with { EvaluationWeights = which };
        var trainer = new Trainer(options);
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.Evaluation is null) return;
            int[] seen = StatisticsOf(model);
            model.RecomputeStatistics(Train, options.BatchSize);
            Assert.That(seen, Is.EqualTo(StatisticsOf(model)));
            Assert.That(trainer.Evaluate(model, Evaluation).Loss, Is.EqualTo(p.Evaluation.Loss));
        });

        TrainingReport report = trainer.Fit(model, Train, Evaluation, progress);

        Assert.That(report.Evaluations, Has.Count.EqualTo(3));
        Assert.That(trainer.Evaluate(model, Evaluation).Loss, Is.EqualTo(report.FinalEvaluation!.Loss));
    }

    [Test]
    public void Running_averages_are_used_unless_statistics_are_recomputed()
    {
        MultilayerPerceptron running = SmallNetwork.New(), recomputed = SmallNetwork.New();

        TrainingReport report = new Trainer(Small with { RecomputeStatistics = false, Binarizer = new StochasticBinarizer(1) })
            .Fit(running, Train, Evaluation);
        TrainingReport other = new Trainer(Small).Fit(recomputed, Train, Evaluation);

        Assert.That(StatisticsOf(running), Is.Not.EqualTo(StatisticsOf(recomputed)));
        Assert.That(report.Evaluations, Is.Not.EqualTo(other.Evaluations));
        Assert.That(report.Steps, Is.EqualTo(other.Steps), "training is the same");
        Assert.That(LatentOf(running), Is.EqualTo(LatentOf(recomputed)));
    }

    [Test]
    public void A_run_without_evaluations_ends_with_recomputed_statistics()
    {
        MultilayerPerceptron model = SmallNetwork.New();

        new Trainer(Small with { EvaluateEverySteps = null }).Fit(model, Train);

        int[] seen = StatisticsOf(model);
        model.RecomputeStatistics(Train, 5);
        Assert.That(seen, Is.EqualTo(StatisticsOf(model)));
    }

    [Test]
    public void A_cancelled_run_ends_with_statistics_of_the_weights_it_ends_with([Range(2, 4)] int after)
    {
        MultilayerPerceptron model = SmallNetwork.New();
        using var source = new CancellationTokenSource();
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.Step == after) source.Cancel();
        });

        new Trainer(Small).Fit(model, Train, Evaluation, progress, source.Token);

        int[] seen = StatisticsOf(model);
        model.RecomputeStatistics(Train, 5);
        Assert.That(seen, Is.EqualTo(StatisticsOf(model)));
    }

    [Test]
    public void A_training_set_smaller_than_a_batch_is_taken_as_one()
    {
        MultilayerPerceptron model = SmallNetwork.New();

        new Trainer(Small with { BatchSize = 32 }).Fit(model, Train, Evaluation);

        int[] seen = StatisticsOf(model);
        model.RecomputeStatistics(Train, Train.Count);
        Assert.That(seen, Is.EqualTo(StatisticsOf(model)));
    }

    [Test]
    public void The_best_network_comes_back_whole([Values] bool recomputes)
    {
        MultilayerPerceptron model = SmallNetwork.New();
        var trainer = new Trainer(Small with
        {
            MaxSteps = 40,
            EvaluateEverySteps = 1,
            Schedule = new ConstantRate(0.3f),
            KeepBest = true,
            RecomputeStatistics = recomputes,
        });

        TrainingReport report = trainer.Fit(model, Train, Evaluation);

        Assert.That(report.BestEvaluation!.Loss, Is.Not.EqualTo(report.FinalEvaluation!.Loss), "the best must not be the last");
        EvaluationResult brought = trainer.Evaluate(model, Evaluation);
        Assert.That((brought.Loss, brought.Accuracy), Is.EqualTo((report.BestEvaluation.Loss, report.BestEvaluation.Accuracy)));
    }

    [Test]
    public void A_model_without_statistics_trains_as_ever()
    {
        var model = new LogisticModel(SmallData.Features, SmallData.Classes);

        Assert.That(() => ((IModel)model).RecomputeStatistics(Train, 5), Throws.Nothing);
        Assert.That(new Trainer(Small).Fit(model, Train, Evaluation).Evaluations, Has.Count.EqualTo(3));
    }

    private static int[] StatisticsOf(MultilayerPerceptron model) =>
        [.. model.Statistics.SelectMany(statistic => Numbers.Bits(statistic.Values))];

    private static int[] LatentOf(MultilayerPerceptron model) =>
        [.. model.Parameters.SelectMany(parameter => Numbers.Bits(parameter.Latent))];
}

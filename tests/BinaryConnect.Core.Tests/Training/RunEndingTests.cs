using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>The weights and statistics of a model after a run, for each way in which a run can end.</summary>
internal sealed class RunEndingTests
{
    private static readonly Dataset Train = SmallData.Bytes(21), Evaluation = SmallData.Bytes(9, seed: 2);

    private static TrainerOptions Small => new()
    {
        BatchSize = 5,
        MaxSteps = 12,
        EvaluateEverySteps = 3,
        Binarizer = new StochasticBinarizer(1),
        Loss = new SquaredHingeLoss(),
        Optimizer = new Adam(),
        Schedule = new ConstantRate(0.3f),
    };

    /// <summary>How a run is stopped in or after its eighth step.</summary>
    internal enum End
    {
        Divergence,
        DivergenceOfAnEvaluation,
        Component,
        Handler,
        Logger,
        File,
    }

    [Test]
    public void The_best_model_is_put_back_however_the_run_ends(
        [Values] End end,
        [Values] bool recomputes,
        [Values] EvaluationWeights weights)
    {
        TrainerOptions options = Small with { KeepBest = true, RecomputeStatistics = recomputes, EvaluationWeights = weights };
        MultilayerPerceptron model = Network(), other = Network();

        TrainingStoppedException stopped = Stop(options, end, model);
        EvaluationResult best = stopped.Report!.BestEvaluation!;
        new Trainer(New(options) with { MaxSteps = best.Step, KeepBest = false }).Fit(other, Train, Evaluation);

        Assert.That(BitsOf(model), Is.EqualTo(BitsOf(other)));
        Assert.That(best.Step, Is.LessThanOrEqualTo(stopped.Report.Steps.Count));
        Assert.That(
            stopped.Message, Does.EndWith($". The model holds the weights of the best evaluation, after step {best.Step}."));
    }

    // The expected model is that of a run with exactly these steps.
    [Test]
    public void Without_it_the_model_holds_the_last_good_step_as_evaluations_use_it(
        [Values] End end,
        [Values] bool recomputes,
        [Values(EvaluationWeights.Inference, EvaluationWeights.Latent)] EvaluationWeights weights)
    {
        TrainerOptions options = Small with { RecomputeStatistics = recomputes, EvaluationWeights = weights };
        MultilayerPerceptron model = Network(), other = Network();

        TrainingStoppedException stopped = Stop(options, end, model);
        int steps = stopped.Report!.Steps.Count;
        new Trainer(New(options) with { MaxSteps = steps, EvaluateEverySteps = null }).Fit(other, Train);

        Assert.That(
            steps, Is.EqualTo(end is End.DivergenceOfAnEvaluation or End.File or End.Logger ? 9 : end == End.Handler ? 8 : 7));
        Assert.That(BitsOf(model), Is.EqualTo(BitsOf(other)));
        Assert.That(stopped.Message, Does.EndWith($". The model holds the weights of the last good step, {steps}."));
    }

    [Test]
    public void A_model_that_cannot_be_put_back_does_not_hide_the_first_fault()
    {
        var model = new StubbornModel();
        var options = Small with
        {
            Loss = new StubLoss(),
            Binarizer = new DeterministicBinarizer(),
            Optimizer = new Sgd(),
            KeepBest = true,
        };

        TrainingStoppedException stopped = Assert.Throws<TrainingStoppedException>(() => new Trainer(options).Fit(
            model, Train, Evaluation, new SynchronousProgress<TrainingProgress>(p =>
            {
                if (p.Step < 5) return;
                model.Refuses = true;
                throw new InvalidTimeZoneException("first");
            })))!;

        Assert.That(stopped.Cause, Is.EqualTo(TrainingFault.ProgressHandler));
        Assert.That(stopped.InnerException, Is.TypeOf<InvalidTimeZoneException>());
        Assert.That(stopped.Message, Is.EqualTo(
            "Training stopped after step 5: the progress handler failed (InvalidTimeZoneException: first). "
            + "The model could not be put into its last form (InvalidDataException: second)."));
        Assert.That(stopped.Report!.Steps, Has.Count.EqualTo(5));
    }

    [Test]
    public void An_evaluation_that_throws_leaves_the_latent_values_and_its_own_exception()
    {
        var model = new StubbornModel();
        Numbers.Uniform(1, model.Parameters[0].Length).CopyTo(model.Parameters[0].Latent);
        float[] latent = model.Parameters[0].Latent.ToArray();
        var loss = new StubLoss(evaluate: () =>
        {
            model.Refuses = true;
            throw new InvalidTimeZoneException("first");
        });
        var trainer = new Trainer(Small with { Loss = loss, Binarizer = new DeterministicBinarizer() });

        Assert.That(
            () => trainer.Evaluate(model, Evaluation, EvaluationWeights.Inference),
            Throws.TypeOf<InvalidTimeZoneException>().With.Message.EqualTo("first"));
        Assert.That(model.Parameters[0].Latent.ToArray(), Is.EqualTo(latent));
    }

    // Rows outside the step's batch have an infinite variance. Values normalized by it are 0, so the loss is finite.
    [Test]
    public void Recomputed_statistics_that_are_not_finite_are_a_divergence([Values] bool evaluates)
    {
        MultilayerPerceptron model = Network();
        float[] features = Numbers.Uniform(1, 20 * SmallData.Features);
        for (int i = 5 * SmallData.Features; i < features.Length; i++) features[i] *= 1e20f;
        Dataset huge =
            Dataset.FromFloats(features, Numbers.Labels(1, 20, SmallData.Classes), SmallData.Features, SmallData.Classes);
        var options = Small with { RecomputeStatistics = true, EvaluateEverySteps = evaluates ? 1 : null, MaxSteps = 1 };

        TrainingDivergedException diverged = Assert.Throws<TrainingDivergedException>(
            () => new Trainer(options).Fit(
                model, BatchSampler.Replay(huge, 5, new[] { 0, 1, 2, 3, 4 }), evaluates ? Evaluation : null))!;

        Assert.That(diverged.Message, Is.EqualTo(
            "Training diverged at step 2: the statistic 'layer1.variance' is not finite (learning rate 0.3). "
            + "The model holds the weights of the last good step, 1."));
        Assert.That(model.Statistics.SelectMany(statistic => statistic.Values.ToArray()), Is.All.Matches<float>(float.IsFinite));
        Assert.That(model.Statistics[1].Values.ToArray(), Is.All.Not.EqualTo(1), "the running averages of the step");
    }

    private static TrainingStoppedException Stop(TrainerOptions options, End end, MultilayerPerceptron model)
    {
        using var folder = new TemporaryFolder();
        string gone = folder.PathOf("gone");
        Directory.CreateDirectory(gone);
        int steps = 0, evaluations = 0;
        ILoss loss = options.Loss;
        options = options with
        {
            Loss = new WrappedLoss(
                loss,
                value => (++steps == 8, end) switch
                {
                    (true, End.Divergence) => double.NaN,
                    (true, End.Component) => throw new InvalidTimeZoneException(),
                    _ => value,
                },
                value => ++evaluations == 3 && end == End.DivergenceOfAnEvaluation ? double.PositiveInfinity : value),
            CheckpointPath = end == End.File ? Path.Combine(gone, "run.safetensors") : null,
            CheckpointEverySteps = end == End.File ? 9 : null,
        };
        ThrowingLogger? logger = end == End.Logger ? new ThrowingLogger(new InvalidTimeZoneException()) : null;
        var handler = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.Step == 8 && end == End.Logger) logger!.Events.Add("Evaluated");
            if (p.Step != 8 || end is not (End.Handler or End.File)) return;
            if (end == End.Handler) throw new InvalidTimeZoneException();
            Directory.Delete(gone);
        });

        TrainingStoppedException stopped =
            Assert.Catch<TrainingStoppedException>(() => new Trainer(options, logger).Fit(model, Train, Evaluation, handler))!;
        Assert.That(stopped.Cause, Is.EqualTo(end switch
        {
            End.Divergence or End.DivergenceOfAnEvaluation => TrainingFault.Divergence,
            End.Component => TrainingFault.Component,
            End.Handler => TrainingFault.ProgressHandler,
            End.Logger => TrainingFault.Logger,
            _ => TrainingFault.File,
        }));
        return stopped;
    }

    private static TrainerOptions New(TrainerOptions options) =>
        options with { Binarizer = new StochasticBinarizer(1), Optimizer = new Adam() };

    // Latent values, statistics and effective values.
    private static int[] BitsOf(MultilayerPerceptron model) =>
        [.. SmallNetwork.Bits(model), .. model.Parameters.SelectMany(parameter => Numbers.Bits(parameter.Effective))];

    private static MultilayerPerceptron Network() => new(SmallNetwork.Options with { HiddenDropout = 0.2f });

    /// <summary>A loss whose values a test may change, of steps and of evaluations.</summary>
    private sealed class WrappedLoss(ILoss loss, Func<double, double> train, Func<double, double> evaluate) : ILoss
    {
        public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels) => evaluate(loss.Compute(logits, labels));

        public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> logitsGradient) =>
            train(loss.Compute(logits, labels, logitsGradient));
    }

    /// <summary>A model whose binarization a test can make fail.</summary>
    private sealed class StubbornModel : IModel
    {
        public bool Refuses { get; set; }

        public int FeatureCount => SmallData.Features;

        public int ClassCount => SmallData.Classes;

        public IReadOnlyList<Parameter> Parameters { get; } =
            [new("w", SmallData.Features, SmallData.Classes, isWeight: true, isBinarized: true)];

        public IReadOnlyList<long> Draws
        {
            get => [];
            set { }
        }

        public void Forward(Batch batch, Span<float> logits) => logits.Clear();

        public void Backward(Batch batch, ReadOnlySpan<float> logitsGradient)
        {
        }

        public void Binarize(IBinarizer binarizer, bool forInference)
        {
            if (Refuses) throw new InvalidDataException("second");
            Parameters[0].Binarize(binarizer, forInference);
        }
    }
}

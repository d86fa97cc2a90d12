using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using BinaryConnect.Training.Checkpoints;

namespace BinaryConnect.Tests.Training;

/// <summary>The third method of the paper at test time: outputs averaged over networks drawn at random.</summary>
internal sealed class SampledAverageTests
{
    private const int Seed = 11, BatchSize = 5, Samples = 4;

    private static readonly Dataset Train = SmallData.Bytes(21), Evaluation = SmallData.Bytes(150, seed: 2);

    private static TrainerOptions Small => new()
    {
        BatchSize = BatchSize,
        MaxSteps = 6,
        EvaluateEverySteps = 3,
        Binarizer = new StochasticBinarizer(Seed),
        Loss = new SquaredHingeLoss(),
        Schedule = new ConstantRate(0.05f),
        EvaluationWeights = EvaluationWeights.SampledAverage,
        EvaluationSamples = Samples,
    };

    [Test]
    public void Loss_and_accuracy_are_of_the_mean_output_of_networks_drawn_apart_from_training(
        [Values] bool multilayer, [Values] bool recomputes)
    {
        IModel model = NewModel(multilayer);
        var networks = new List<(double Loss, double Accuracy)>();
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.Evaluation is not null) networks.Add(MeasureByHand(model, p.Step, recomputes));
        });

        TrainingReport report = new Trainer(Small with { RecomputeStatistics = recomputes })
            .Fit(model, Train, Evaluation, progress);

        Assert.That(
            report.Evaluations.Select(e => e.Weights),
            Is.EqualTo(new[] { EvaluationWeights.SampledAverage, EvaluationWeights.SampledAverage }));
        for (int i = 0; i < 2; i++)
        {
            Assert.That(report.Evaluations[i].Loss, Is.EqualTo(networks[i].Loss).Within(1e-6 * networks[i].Loss));
            Assert.That(report.Evaluations[i].Accuracy, Is.EqualTo(networks[i].Accuracy));
        }
    }

    [Test]
    public void Training_is_the_same_to_the_bit_however_often_it_is_evaluated([Values] bool multilayer, [Values] bool recomputes)
    {
        IModel often = NewModel(multilayer), seldom = NewModel(multilayer), never = NewModel(multilayer);
        TrainerOptions options = Small with { RecomputeStatistics = recomputes };

        TrainingReport first = new Trainer(options with { EvaluateEverySteps = 1 }).Fit(often, Train, Evaluation);
        TrainingReport second = new Trainer(options with { EvaluateEverySteps = 4, Binarizer = new StochasticBinarizer(Seed) })
            .Fit(seldom, Train, Evaluation);
        TrainingReport third = new Trainer(options with
        {
            EvaluateEverySteps = null,
            Binarizer = new StochasticBinarizer(Seed),
            EvaluationWeights = EvaluationWeights.Latent,
        }).Fit(never, Train);

        Assert.That(second.Steps, Is.EqualTo(first.Steps));
        Assert.That(third.Steps, Is.EqualTo(first.Steps));
        Assert.That(SmallNetwork.Bits(seldom), Is.EqualTo(SmallNetwork.Bits(often)));
        Assert.That(LatentBits(never), Is.EqualTo(LatentBits(often)));
        Assert.That(
            second.Evaluations, Is.EqualTo(first.Evaluations.Where(e => e.Step is 4 or 6)),
            "an evaluation depends on its step alone");
    }

    [Test]
    public void Networks_of_a_linear_model_average_to_its_latent_weights()
    {
        IModel model = NewModel(multilayer: false);
        var trainer = new Trainer(Small with { EvaluationSamples = 5_000 });

        double sampled = trainer.Evaluate(model, Evaluation, EvaluationWeights.SampledAverage).Loss;
        double latent = trainer.Evaluate(model, Evaluation, EvaluationWeights.Latent).Loss;
        double one = new Trainer(Small with { EvaluationSamples = 1 })
            .Evaluate(model, Evaluation, EvaluationWeights.SampledAverage).Loss;

        // A weight's mean over n draws has a standard deviation of at most 1/√n, here 0.014.
        Assert.That(sampled, Is.EqualTo(latent).Within(2).Percent);
        Assert.That(one, Is.Not.EqualTo(latent).Within(2).Percent, "and one network does not");
    }

    [Test]
    public void Model_is_left_with_the_signs_and_statistics_that_fit_them([Values] bool evaluates)
    {
        MultilayerPerceptron model = SmallNetwork.New();

        new Trainer(Small with { RecomputeStatistics = true, EvaluateEverySteps = null })
            .Fit(model, Train, evaluates ? Evaluation : null);

        int[] left = SmallNetwork.Bits(model);
        foreach (Parameter parameter in model.Parameters.Where(p => p.IsBinarized))
            Assert.That(
                parameter.Effective.ToArray(), Is.EqualTo(Array.ConvertAll(parameter.Latent.ToArray(), w => w < 0 ? -1f : 1)));
        model.RecomputeStatistics(Train, BatchSize);
        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(left));
    }

    [Test]
    public void A_trained_model_is_measured_in_each_way_and_not_changed(
        [Values] EvaluationWeights weights, [Values] bool recomputes)
    {
        MultilayerPerceptron model = SmallNetwork.New();
        new Trainer(Small with { EvaluationWeights = EvaluationWeights.LastStep, EvaluateEverySteps = null }).Fit(model, Train);
        var trainer = new Trainer(Small);
        int[] before = SmallNetwork.Bits(model), propagated = EffectiveBits(model);
        EvaluationResult asItStands = trainer.Evaluate(model, Evaluation);

        EvaluationResult result = trainer.Evaluate(model, Evaluation, weights, recomputes ? Train : null);

        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(before));
        Assert.That(EffectiveBits(model), Is.EqualTo(propagated));
        Assert.That(trainer.Evaluate(model, Evaluation), Is.EqualTo(asItStands));
        Assert.That(asItStands.Weights, Is.Null);
        Assert.That((result.Weights, result.Step, result.LearningRate, result.Count), Is.EqualTo((weights, 0, 0f, 150)));
        Assert.That(result.Loss, Is.EqualTo(LossByHand(model, weights, recomputes)).Within(1e-6 * result.Loss));
    }

    [Test]
    public void Ways_that_do_not_fit_the_options_are_refused()
    {
        IModel model = NewModel(multilayer: false);
        var trainer = new Trainer(
            Small with { Binarizer = new DeterministicBinarizer(), EvaluationWeights = EvaluationWeights.Latent });
        Dataset wide = Dataset.FromFloats(new float[14], new int[2], 7, SmallData.Classes);

        Assert.That(
            () => trainer.Evaluate(model, Evaluation, EvaluationWeights.SampledAverage),
            Throws.ArgumentException.With.Message.EqualTo(
                "'EvaluationWeights' is SampledAverage and 'Binarizer' is DeterministicBinarizer; "
                + "it must be StochasticBinarizer."));
        Assert.That(() => trainer.Evaluate(null!, Evaluation, EvaluationWeights.Latent), Throws.ArgumentNullException);
        Assert.That(() => trainer.Evaluate(model, null!, EvaluationWeights.Latent), Throws.ArgumentNullException);
        Assert.That(() => trainer.Evaluate(model, wide, EvaluationWeights.Latent), Throws.ArgumentException.With.Message.EqualTo(
            "'data' has rows of 7 features; they must have the model's, 6. (Parameter 'data')"));
        Assert.That(
            () => trainer.Evaluate(model, Evaluation, EvaluationWeights.Latent, wide),
            Throws.ArgumentException.With.Message.EqualTo(
                "'train' has rows of 7 features; they must have the model's, 6. (Parameter 'train')"));
    }

    private static IModel NewModel(bool multilayer) => multilayer
        ? SmallNetwork.New()
        : new LogisticModel(new LogisticModelOptions
        {
            Features = SmallData.Features,
            Classes = SmallData.Classes,
            InitialMinimum = -1,
            Seed = 2,
        });

    private static double LossByHand(MultilayerPerceptron model, EvaluationWeights weights, bool recomputes)
    {
        if (weights == EvaluationWeights.SampledAverage) return MeasureByHand(model, 0, recomputes).Loss;
        if (weights == EvaluationWeights.Inference) model.Binarize(new DeterministicBinarizer());
        if (weights == EvaluationWeights.Latent) model.Binarize(new IdentityBinarizer());
        if (recomputes) model.RecomputeStatistics(Train, BatchSize);
        return new Trainer(Small).Evaluate(model, Evaluation).Loss;
    }

    // The expected loss and accuracy, in float64. The model is restored afterwards.
    private static (double Loss, double Accuracy) MeasureByHand(IModel model, int step, bool recomputes)
    {
        var before = new ModelCopy(model, withEffective: true);
        before.Keep();
        var drawn = new StochasticBinarizer(Seed) { Draws = (1L << 55) + step * (1L << 24) };
        float[] logits = new float[Evaluation.Count * SmallData.Classes];
        double[] mean = new double[logits.Length];
        for (int network = 0; network < Samples; network++)
        {
            model.Binarize(drawn);
            if (recomputes) model.RecomputeStatistics(Train, BatchSize);
            model.Infer(Evaluation.ViewRaw(0, Evaluation.Count), logits);
            for (int i = 0; i < mean.Length; i++) mean[i] += (double)logits[i] / Samples;
        }

        before.Restore();
        int correct = mean.Chunk(SmallData.Classes).Zip(Evaluation.Labels.ToArray())
            .Count(pair => Array.IndexOf(pair.First, pair.First.Max()) == pair.Second);
        double loss = new SquaredHingeLoss().Compute(Array.ConvertAll(mean, value => (float)value), Evaluation.Labels);
        return (loss, (double)correct / Evaluation.Count);
    }

    private static int[] LatentBits(IModel model) =>
        [.. model.Parameters.SelectMany(parameter => Numbers.Bits(parameter.Latent))];

    private static int[] EffectiveBits(MultilayerPerceptron model) =>
        [.. model.Parameters.SelectMany(parameter => Numbers.Bits(parameter.Effective))];
}

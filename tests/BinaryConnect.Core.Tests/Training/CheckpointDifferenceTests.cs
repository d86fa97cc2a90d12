using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using BinaryConnect.Training.Metrics;

namespace BinaryConnect.Tests.Training;

/// <summary>
/// Runs that are set otherwise than the one that was saved are refused, and each difference is named.
/// </summary>
internal sealed class CheckpointDifferenceTests
{
    private SavedRun _run = null!;

    private static IEnumerable<TestCaseData> Differences =>
    [
        Difference(o => o with { BatchSize = 5 }, "'batch_size' is 5; it must be 4.", "'sampler.batch_size' is 5; it must be 4."),
        Difference(o => o with { Seed = -7 }, "'seed' is -7; it must be 6.", "'sampler.seed' is -7; it must be 6."),
        Difference(o => o with { PartialBatch = PartialBatch.Keep }, "'sampler.last_batch' is keep; it must be wrap."),
        Difference(o => o with { Binarizer = new StochasticBinarizer(5) }, "'binarizer.seed' is 5; it must be 4."),
        Difference(
            o => o with { Binarizer = new DeterministicBinarizer() }, "'binarizer' is deterministic; it must be stochastic."),
        Difference(
            o => o with { Binarizer = new IdentityBinarizer() },
            "'binarizer' is identity; it must be stochastic.",
            "'clip_weights' is false; it must be true."),
        Difference(
            o => o with { Loss = new SquaredHingeLoss(meanOverClasses: true) },
            "'loss.mean_over_classes' is true; it must be false."),
        Difference(o => o with { Optimizer = new Adam(0.8f) }, "'optimizer.beta1' is 0.8; it must be 0.9."),
        Difference(
            o => o with { Optimizer = new Adam(0.8f, 0.99f, 1e-7f) },
            "'optimizer.beta1' is 0.8; it must be 0.9.",
            "'optimizer.beta2' is 0.99; it must be 0.999.",
            "'optimizer.epsilon' is 1E-07; it must be 1E-08."),
        Difference(o => o with { Optimizer = new Sgd(0.5f, nesterov: true) }, "'optimizer' is sgd; it must be adam."),
        Difference(
            o => o with { Schedule = new PlateauDecay(0.1f, 0.5f, 9) }, "'schedule' is plateau_decay; it must be linear_warmup."),
        Difference(
            o => o with { Schedule = new LinearWarmup(new PlateauDecay(0.1f, 0.25f, 9), 3) },
            "'schedule.inner.factor' is 0.25; it must be 0.5.",
            "'schedule.inner.patience' is null; it must be 2."),
        Difference(
            o => o with { Schedule = new LinearWarmup(new ConstantRate(0.1f), 4) },
            "'schedule.inner' is constant; it must be plateau_decay.",
            "'schedule.steps' is 4; it must be 3."),
        Difference(o => o with { RateScaling = RateScaling.None }, "'rate_scaling' is none; it must be inverse_glorot."),
        Difference(o => o with { ClipWeights = false }, "'clip_weights' is false; it must be true."),
        Difference(o => o with { EvaluateEverySteps = 2 }, "'evaluate_every_steps' is 2; it must be 3."),
        Difference(
            o => o with { EvaluationWeights = EvaluationWeights.Latent },
            "'evaluation_weights' is latent; it must be inference."),
        Difference(o => o with { EvaluationSamples = 3 }, "'evaluation_samples' is 3; it must be 10."),
        Difference(o => o with { RecomputeStatistics = true }, "'recompute_statistics' is true; it must be false."),
        Difference(o => o with { KeepBest = false }, "'keep_best' is false; it must be true."),
        Difference(o => o with { Metric = Metric.Loss }, "'metric' is loss; it must be accuracy."),
        Difference(o => o with { LeastGain = 0.25 }, "'least_gain' is 0.25; it must be 0."),
        Difference(o => o with { EarlyStopPatience = 50 }, "'early_stop_patience' is 50; it must be null."),
        Difference(
            o => o with { Seed = 7, KeepBest = false, Loss = new CrossEntropyLoss() },
            "'seed' is 7; it must be 6.",
            "'loss' is cross_entropy; it must be squared_hinge.",
            "'keep_best' is false; it must be true.",
            "'sampler.seed' is 7; it must be 6."),
    ];

    [SetUp]
    public void WriteCheckpoint() => _run = new SavedRun();

    [TearDown]
    public void CleanUp() => _run.Dispose();

    [TestCaseSource(nameof(Differences))]
    public void Options_that_differ_are_named(Func<TrainerOptions, TrainerOptions> change, string[] lines) =>
        AssertRefused(change(SavedRun.Options), SavedRun.Network(), _run.Differing(lines));

    [Test]
    public void A_model_of_another_shape_is_named()
    {
        var wider = new MultilayerPerceptron(SmallNetwork.Options with { HiddenUnits = [9, 7], HiddenDropout = 0.25f });
        var deeper = new MultilayerPerceptron(SmallNetwork.Options with { HiddenUnits = [8], HiddenDropout = 0.25f });

        AssertRefused(SavedRun.Options, wider, _run.Differing(
            "'model.hidden_units' is [9, 7]; it must be [8, 7].",
            "'parameter.layer1.weights.fan_out' is 9; it must be 8.",
            "'parameter.layer1.gamma.fan_out' is 9; it must be 8.",
            "'parameter.layer1.beta.fan_out' is 9; it must be 8.",
            "'parameter.layer2.weights.fan_in' is 9; it must be 8.",
            "'statistic.layer1.mean.length' is 9; it must be 8.",
            "'statistic.layer1.variance.length' is 9; it must be 8."));
        _run.AssertRefused<ArgumentException>(
            SavedRun.Options, deeper, SavedRun.Train, SavedRun.Evaluation, null,
            "'parameter.layer3.beta.bound' is not there; it must be 1.");
    }

    [Test]
    public void A_model_of_another_kind_is_named_and_its_settings_are_not()
    {
        var logistic = new LogisticModel(SmallData.Features, SmallData.Classes);
        var wide = new MultilayerPerceptron(SmallNetwork.Options with
        {
            HiddenUnits = [9, 6],
            Activation = Activation.Identity,
            Normalization = Normalization.None,
            NormalizationEpsilon = 0.5f,
            NormalizationMomentum = 0.25f,
            InputDropout = 0.125f,
            HiddenDropout = 0.5f,
            Seed = -1,
        });

        _run.AssertRefused<ArgumentException>(
            SavedRun.Options, logistic, SavedRun.Train, SavedRun.Evaluation, null,
            "'model' is logistic; it must be multilayer_perceptron.",
            "'parameter.bias.fan_in' is 1; it must not be there.");
        _run.AssertRefused<ArgumentException>(
            SavedRun.Options, wide, SavedRun.Train, SavedRun.Evaluation, null,
            "'model.hidden_units' is [9, 6]; it must be [8, 7].",
            "'model.activation' is identity; it must be relu.",
            "'model.normalization' is none; it must be batch.",
            "'model.normalization_epsilon' is 0.5; it must be 0.0001.",
            "'model.normalization_momentum' is 0.25; it must be 0.15.",
            "'model.input_dropout' is 0.125; it must be 0.",
            "'model.hidden_dropout' is 0.5; it must be 0.25.",
            "'model.seed' is -1; it must be 3.");
        var trainer = new Trainer(SavedRun.Options with { CheckpointPath = _run.Path });
        string message = Assert.Throws<ArgumentException>(
            () => trainer.Resume(logistic, SavedRun.Train, SavedRun.Evaluation))!.Message;
        Assert.That(message, Does.Not.Contain("'model."));
        Assert.That(
            message.Split(Environment.NewLine),
            Has.Length.EqualTo(22),
            "the name of the file, 20 differences, and how many more");
        Assert.That(message, Does.Match("There are [0-9]+ more differences.$"));
    }

    [Test]
    public void A_rate_scale_of_its_own_belongs_to_a_parameter()
    {
        MultilayerPerceptron model = SavedRun.Network();
        model.Parameters[0].RateScale = 0.5f;

        AssertRefused(SavedRun.Options, model, _run.Differing("'parameter.layer1.weights.rate_scale' is 0.5; it must be 1."));
    }

    [Test]
    public void Other_data_are_named()
    {
        AssertOtherData(
            SmallData.Bytes(24),
            SavedRun.Evaluation,
            "'training_data.rows' is 24; it must be 23.",
            "'training_data.fingerprint' is ");
        AssertOtherData(SmallData.Bytes(23, seed: 3), SavedRun.Evaluation, "'training_data.fingerprint' is ");
        AssertOtherData(SmallData.Floats(23), SavedRun.Evaluation, "'training_data' is floats; it must be bytes.");
        AssertOtherData(SavedRun.Train, SmallData.Bytes(9), "'evaluation_data.fingerprint' is ");
        byte[] features = new byte[9 * SmallData.Features];
        Dataset scaled = Dataset.FromBytes(features, new int[9], SmallData.Features, SmallData.Classes, 0.5f, -1);
        AssertOtherData(
            SavedRun.Train,
            scaled,
            "'evaluation_data.scale' is 0.5; it must be 0.003921569.",
            "'evaluation_data.shift' is -1; it must be 0.");
    }

    [Test]
    public void A_setting_that_the_file_has_not_or_has_alone_is_named()
    {
        _run.Change(file => (file.Metadata["momentum"], file.Metadata["seed"]) = (new string('9', 5000) + "\n", "6"));
        _run.Change(file => file.Metadata.Remove("keep_best"));

        AssertRefused(SavedRun.Options, SavedRun.Network(), _run.Differing(
            "'keep_best' is true; it must not be there.",
            $"'momentum' is not there; it must be {new string('9', 120)}… (5,001 characters)."));
    }

    private static TestCaseData Difference(Func<TrainerOptions, TrainerOptions> change, params string[] lines) =>
        new TestCaseData(change, lines).SetArgDisplayNames(lines[0]);

    private void AssertOtherData(Dataset train, Dataset evaluation, params string[] parts) =>
        _run.AssertRefused<ArgumentException>(SavedRun.Options, SavedRun.Network(), train, evaluation, null, parts);

    private void AssertRefused(TrainerOptions options, IModel model, string message) =>
        _run.AssertRefused<ArgumentException>(options, model, SavedRun.Train, SavedRun.Evaluation, message);
}

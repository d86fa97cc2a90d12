using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>Files and runs that do not fit are refused by name of what is wrong, and nothing is changed.</summary>
internal sealed class CheckpointFaultTests
{
    private static readonly Dataset Train = SmallData.Bytes(23), Evaluation = SmallData.Bytes(9, seed: 2);

    private TemporaryFolder _folder = null!;
    private string _path = "";

    private static IEnumerable<TestCaseData> Differences =>
    [
        Difference(o => o with { BatchSize = 5 }, "'BatchSize' is 5; it must be 4.", "'Sampler' is BatchSampler(batchSize: 5, seed: 6, lastBatch: Wrap); it must be BatchSampler(batchSize: 4, seed: 6, lastBatch: Wrap)."),
        Difference(o => o with { Seed = -7 }, "'Seed' is -7; it must be 6.", "'Sampler' is BatchSampler(batchSize: 4, seed: -7, lastBatch: Wrap); it must be BatchSampler(batchSize: 4, seed: 6, lastBatch: Wrap)."),
        Difference(o => o with { LastBatch = LastBatch.Keep }, "'Sampler' is BatchSampler(batchSize: 4, seed: 6, lastBatch: Keep); it must be BatchSampler(batchSize: 4, seed: 6, lastBatch: Wrap)."),
        Difference(o => o with { Binarizer = new StochasticBinarizer(5) }, "'Binarizer' is StochasticBinarizer(seed: 5); it must be StochasticBinarizer(seed: 4)."),
        Difference(o => o with { Binarizer = new DeterministicBinarizer() }, "'Binarizer' is BinaryConnect.Binarization.DeterministicBinarizer; it must be StochasticBinarizer(seed: 4)."),
        Difference(o => o with { Loss = new SquaredHingeLoss(meanOverClasses: true) }, "'Loss' is SquaredHingeLoss(meanOverClasses: True); it must be SquaredHingeLoss(meanOverClasses: False)."),
        Difference(o => o with { Optimizer = new Adam(0.8f) }, "'Optimizer' is Adam(beta1: 0.8, beta2: 0.999, epsilon: 1E-08); it must be Adam(beta1: 0.9, beta2: 0.999, epsilon: 1E-08)."),
        Difference(o => o with { Optimizer = new Sgd(0.5f, nesterov: true) }, "'Optimizer' is Sgd(momentum: 0.5, nesterov: True); it must be Adam(beta1: 0.9, beta2: 0.999, epsilon: 1E-08)."),
        Difference(
            o => o with { Schedule = new PlateauDecay(0.1f, 0.5f, 9) },
            "'Schedule' is PlateauDecay(initialRate: 0.1, factor: 0.5, maxDecays: 9, patience: null); it must be LinearWarmup(PlateauDecay(initialRate: 0.1, factor: 0.5, maxDecays: 9, patience: 2), steps: 3)."),
        Difference(o => o with { RateScaling = RateScaling.None }, "'RateScaling' is None; it must be InverseGlorot."),
        Difference(o => o with { ClipWeights = false }, "'ClipWeights' is False; it must be True."),
        Difference(o => o with { EvaluateEverySteps = 2 }, "'EvaluateEverySteps' is 2; it must be 3."),
        Difference(o => o with { EvaluationWeights = EvaluationWeights.Latent }, "'EvaluationWeights' is Latent; it must be Inference."),
        Difference(o => o with { EvaluationSamples = 3 }, "'EvaluationSamples' is 3; it must be 10."),
        Difference(o => o with { RecomputeStatistics = true }, "'RecomputeStatistics' is True; it must be False."),
        Difference(o => o with { KeepBest = false }, "'KeepBest' is False; it must be True."),
        Difference(o => o with { EarlyStopPatience = 50 }, "'EarlyStopPatience' is 50; it must be null."),
        Difference(
            o => o with { Seed = 7, KeepBest = false, Loss = new CrossEntropyLoss() },
            "'Seed' is 7; it must be 6.",
            "'Loss' is BinaryConnect.Losses.CrossEntropyLoss; it must be SquaredHingeLoss(meanOverClasses: False).",
            "'KeepBest' is False; it must be True.",
            "'Sampler' is BatchSampler(batchSize: 4, seed: 7, lastBatch: Wrap); it must be BatchSampler(batchSize: 4, seed: 6, lastBatch: Wrap)."),
    ];

    private static IEnumerable<TestCaseData> Contents =>
    [
        Content(f => f.Metadata.Remove("format"), "its metadata has no 'format'; that of a checkpoint has 'BinaryConnect checkpoint'."),
        Content(f => f.Metadata["format"] = "pt", "its format is 'pt'; it must be 'BinaryConnect checkpoint'."),
        Content(f => f.Metadata["version"] = "2", "it is a checkpoint of version '2'; it must be of version '1'."),
        Content(f => f.Metadata.Remove("version"), "it is a checkpoint of version ''; it must be of version '1'."),
        Content(f => f.Tensors["extra"] = ([1], new float[1]), "it has a tensor 'extra'; a checkpoint of this run has none."),
        Content(f => f.Tensors["model.latent.layer1.weights"] = ([6, 8], new float[48]), "tensor 'model.latent.layer1.weights' has shape [6, 8]; it must be [8, 6]."),
        Content(f => f.Tensors["model.statistic.layer1.mean"] = ([8], new double[8]), "tensor 'model.statistic.layer1.mean' has values of F64; they must be of F32."),
        Content(f => ((float[])f.Tensors["best.latent.layer2.gamma"].Values)[3] = float.NaN, "tensor 'best.latent.layer2.gamma' has NaN or infinite values; all must be finite."),
        Content(f => ((float[])f.Tensors["model.latent.layer2.weights"].Values)[0] = float.PositiveInfinity, "tensor 'model.latent.layer2.weights' has NaN or infinite values; all must be finite."),
        Content(f => ((long[])f.Tensors["optimizer.steps"].Values)[1] = -1, "tensor 'optimizer.steps' has -1; it must be zero or positive."),
        Content(f => f.Tensors["binarizer.draws"] = ([1], new long[] { -5 }), "tensor 'binarizer.draws' has -5; it must be zero or positive."),
        Content(f => f.Tensors["model.draws"] = ([1], new long[1]), "tensor 'model.draws' has shape [1]; it must be [2]."),
        Content(f => f.Tensors["sampler.position"] = ([2], new[] { 1, 24 }), "tensor 'sampler.position' is epoch 1, row 24; the sampler must have such a place."),
        Content(f => f.Tensors["sampler.position"] = ([2], new[] { -1, 0 }), "tensor 'sampler.position' is epoch -1, row 0; the sampler must have such a place."),
        Content(
            f => f.Tensors["schedule.state"] = ([2], new double[2]),
            "tensor 'schedule.state' is no state of the schedule. 'State' has length 2; it must have decays, evaluations waited and a loss, 3. (Parameter 'State')"),
        Content(
            f => f.Tensors["schedule.state"] = ([3], new[] { 0.5, 0, 1 }),
            "tensor 'schedule.state' is no state of the schedule. 'State' is 0.5, 0, 1; it must be two counts and a loss. (Parameter 'State')"),
        Content(f => f.Tensors["report.steps.loss"] = ([1, 7], new double[7]), "tensor 'report.steps.loss' has shape [1, 7]; it must be a list of at most 2,147,483,591 values."),
        Content(f => f.Tensors["report.steps.sign_flips"] = ([6], new int[6]), "tensor 'report.steps.sign_flips' has shape [6]; it must be [7]."),
        Content(f => f.Tensors["report.evaluations.step"] = ([2], new[] { 3, 3 }), "tensor 'report.evaluations.step' has 3 at 1; it must be a step from 4 to 7."),
        Content(f => f.Tensors["report.evaluations.step"] = ([2], new[] { 3, 8 }), "tensor 'report.evaluations.step' has 8 at 1; it must be a step from 4 to 7."),
        Content(f => f.Tensors["report.elapsed"] = ([1], new long[] { -1 }), "tensor 'report.elapsed' has -1; it must be zero or positive."),
    ];

    private static TrainerOptions Options => new()
    {
        BatchSize = 4,
        Seed = 6,
        MaxSteps = 12,
        Binarizer = new StochasticBinarizer(4),
        Loss = new SquaredHingeLoss(),
        Optimizer = new Adam(),
        Schedule = new LinearWarmup(new PlateauDecay(0.1f, 0.5f, 9, patience: 2), 3),
        RateScaling = RateScaling.InverseGlorot,
        EvaluateEverySteps = 3,
        KeepBest = true,
    };

    [SetUp]
    public void WriteCheckpoint()
    {
        _folder = new TemporaryFolder();
        _path = _folder.PathOf("run.safetensors");
        using var source = new CancellationTokenSource();
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.Step == 7) source.Cancel();
        });
        new Trainer(Options with { CheckpointPath = _path }).Fit(Network(), Train, Evaluation, progress, source.Token);
    }

    [TearDown]
    public void CleanUp() => _folder.Dispose();

    [TestCaseSource(nameof(Differences))]
    public void Options_that_differ_are_named(Func<TrainerOptions, TrainerOptions> change, string[] lines) =>
        AssertRefused<ArgumentException>(change(Options), Network(), Train, Evaluation, Differing(lines));

    [TestCaseSource(nameof(Contents))]
    public void Content_that_does_not_fit_is_named(Action<CheckpointFile> change, string message)
    {
        CheckpointFile file = CheckpointFile.Load(_path);
        change(file);
        file.Save(_path);

        AssertRefused<InvalidDataException>(Options, Network(), Train, Evaluation, $"{_path}: {message}");
    }

    [Test]
    public void Each_tensor_is_needed()
    {
        foreach (string name in CheckpointFile.Load(_path).Tensors.Keys)
        {
            CheckpointFile file = CheckpointFile.Load(_path);
            (long[] shape, Array values) = file.Tensors[name];
            file.Tensors.Remove(name);
            file.Tensors["other"] = (shape, values);
            string without = _folder.PathOf("without.safetensors");
            file.Save(without);

            Assert.That(
                () => new Trainer(Options with { CheckpointPath = without }).Resume(Network(), Train, Evaluation),
                Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"{without}: it has no tensor '{name}'; its tensors are "));
        }
    }

    [Test]
    public void A_model_of_another_shape_is_named()
    {
        var wider = new MultilayerPerceptron(SmallNetwork.Options with { HiddenUnits = [9, 7], HiddenDropout = 0.25f });
        var deeper = new MultilayerPerceptron(SmallNetwork.Options with { HiddenUnits = [8], HiddenDropout = 0.25f });
        var logistic = new LogisticModel(SmallData.Features, SmallData.Classes);

        AssertRefused<ArgumentException>(Options, wider, Train, Evaluation, Differing(
            "'Model' is MultilayerPerceptron(6-9-7-3, Relu, normalization: Batch, epsilon: 0.0001, momentum: 0.15, inputDropout: 0, hiddenDropout: 0.25, seed: 3); "
            + "it must be MultilayerPerceptron(6-8-7-3, Relu, normalization: Batch, epsilon: 0.0001, momentum: 0.15, inputDropout: 0, hiddenDropout: 0.25, seed: 3).",
            "'Parameter layer1.weights' is [9, 6], isWeight: True, isBinarized: True, bound: 1, rateScale: 1; it must be [8, 6], isWeight: True, isBinarized: True, bound: 1, rateScale: 1.",
            "'Parameter layer1.gamma' is [9, 1], isWeight: False, isBinarized: False, bound: 1, rateScale: 1; it must be [8, 1], isWeight: False, isBinarized: False, bound: 1, rateScale: 1.",
            "'Parameter layer1.beta' is [9, 1], isWeight: False, isBinarized: False, bound: 1, rateScale: 1; it must be [8, 1], isWeight: False, isBinarized: False, bound: 1, rateScale: 1.",
            "'Parameter layer2.weights' is [7, 9], isWeight: True, isBinarized: True, bound: 1, rateScale: 1; it must be [7, 8], isWeight: True, isBinarized: True, bound: 1, rateScale: 1.",
            "'Statistic layer1.mean' is [9]; it must be [8].",
            "'Statistic layer1.variance' is [9]; it must be [8]."));
        AssertRefused<ArgumentException>(Options, deeper, Train, Evaluation, null, "'Statistic layer3.mean' is not there; it must be [3].");
        AssertRefused<ArgumentException>(
            Options, logistic, Train, Evaluation, null,
            "'Model' is LogisticModel(6-3, binarizeBias: False, outputScale: False); it must be MultilayerPerceptron(",
            "'Parameter bias' is [3, 1], isWeight: False, isBinarized: False, bound: 1, rateScale: 1; it must not be there.");
    }

    [Test]
    public void A_rate_scale_of_its_own_belongs_to_a_parameter()
    {
        MultilayerPerceptron model = Network();
        model.Parameters[0].RateScale = 0.5f;

        AssertRefused<ArgumentException>(Options, model, Train, Evaluation, Differing(
            "'Parameter layer1.weights' is [8, 6], isWeight: True, isBinarized: True, bound: 1, rateScale: 0.5; it must be [8, 6], isWeight: True, isBinarized: True, bound: 1, rateScale: 1."));
    }

    [Test]
    public void Other_data_are_named()
    {
        AssertRefused<ArgumentException>(Options, Network(), SmallData.Bytes(24), Evaluation, null, "'Training data' is 24 rows of 6 bytes, 3 classes, scale 0.003921569, shift 0, fingerprint ");
        AssertRefused<ArgumentException>(Options, Network(), SmallData.Bytes(23, seed: 3), Evaluation, null, "'Training data' is 23 rows of 6 bytes, 3 classes, scale 0.003921569, shift 0, fingerprint ");
        AssertRefused<ArgumentException>(Options, Network(), SmallData.Floats(23), Evaluation, null, "'Training data' is 23 rows of 6 floats, 3 classes, scale 1, shift 0, fingerprint ");
        AssertRefused<ArgumentException>(Options, Network(), Train, SmallData.Bytes(9), null, "'Evaluation data' is 9 rows of 6 bytes, 3 classes, scale 0.003921569, shift 0, fingerprint ");
    }

    [Test]
    public void A_bit_that_flips_anywhere_is_found()
    {
        byte[] good = File.ReadAllBytes(_path);
        for (int at = 0; at < good.Length; at += 61)
        {
            byte[] bad = [.. good];
            bad[at] ^= 4;
            File.WriteAllBytes(_path, bad);
            AssertRefused<InvalidDataException>(Options, Network(), Train, Evaluation, null, _path);
        }
    }

    [Test]
    public void A_file_cut_short_anywhere_is_refused()
    {
        byte[] good = File.ReadAllBytes(_path);
        for (int length = 0; length < good.Length; length += 509)
        {
            File.WriteAllBytes(_path, good[..length]);
            AssertRefused<InvalidDataException>(Options, Network(), Train, Evaluation, null, _path);
        }
    }

    [Test]
    public void A_run_that_has_no_step_left_is_refused() =>
        AssertRefused<ArgumentException>(
            Options with { MaxSteps = 7 }, Network(), Train, Evaluation,
            $"{_path}: it was saved after step 7; 'MaxSteps' and 'MaxEpochs' give 7 steps; they must give more.");

    [Test]
    public void Without_a_path_or_a_file_nothing_is_resumed()
    {
        string missing = _folder.PathOf("missing.safetensors");
        Assert.That(() => new Trainer(Options).Resume(Network(), Train, Evaluation), Throws.InvalidOperationException.With.Message.EqualTo(
            "'CheckpointPath' is null; to resume a run it must name the file of its checkpoint."));
        Assert.That(
            () => new Trainer(Options with { CheckpointPath = missing }).Resume(Network(), Train, Evaluation),
            Throws.TypeOf<FileNotFoundException>().With.Message.Contains(missing));
        Assert.That(() => new Trainer(Options).Resume(Network(), null!), Throws.ArgumentNullException);
        Assert.That(() => new Trainer(Options with { CheckpointPath = _path }).ResumeBatches(Network(), null!), Throws.ArgumentNullException);
        Assert.That(() => new Trainer(Options with { CheckpointPath = _path }).Resume(null!, Train), Throws.ArgumentNullException);
    }

    [Test]
    public void A_place_where_no_checkpoint_can_be_written_is_refused_before_training()
    {
        string nowhere = _folder.PathOf("none"), inNowhere = Path.Combine(nowhere, "run.safetensors");
        MultilayerPerceptron model = Network();
        int[] before = SmallNetwork.Bits(model);

        Assert.That(() => new Trainer(Options with { CheckpointPath = inNowhere }).Fit(model, Train, Evaluation), Throws.ArgumentException.With.Message.EqualTo(
            $"'CheckpointPath' is '{inNowhere}', and there is no folder '{nowhere}'; it must exist."));
        Assert.That(() => new Trainer(Options with { CheckpointPath = _folder.Path }).Fit(model, Train, Evaluation), Throws.ArgumentException.With.Message.EqualTo(
            $"'CheckpointPath' is '{_folder.Path}', which is a folder; it must name a file."));
        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(before));
    }

    [Test]
    public void Two_parameters_of_one_name_are_refused_before_training()
    {
        Parameter first = new("w", 1, 2, true, true), second = new("w", 1, 2, false, false);

        Assert.That(
            () => new Trainer(Options with { CheckpointPath = _path, KeepBest = false }).Fit(new StubModel(SmallData.Features, SmallData.Classes, first, second), Train, Evaluation),
            Throws.ArgumentException.With.Message.EqualTo("The model has two parameters named 'w'; for a checkpoint each must have a name of its own."));
    }

    [Test]
    public void A_checkpoint_that_cannot_be_written_ends_the_run()
    {
        using var folder = new TemporaryFolder();
        string gone = folder.PathOf("gone");
        Directory.CreateDirectory(gone);
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.Step == 3) Directory.Delete(gone, recursive: true);
        });
        TrainerOptions options = Options with { CheckpointPath = Path.Combine(gone, "run.safetensors"), CheckpointEverySteps = 1 };

        Assert.That(() => new Trainer(options).Fit(Network(), Train, Evaluation, progress), Throws.InstanceOf<IOException>());
    }

    private static TestCaseData Difference(Func<TrainerOptions, TrainerOptions> change, params string[] lines) =>
        new TestCaseData(change, lines).SetArgDisplayNames(lines[0]);

    private static TestCaseData Content(Action<CheckpointFile> change, string message) =>
        new TestCaseData(change, message).SetArgDisplayNames(message);

    private static MultilayerPerceptron Network() => new(SmallNetwork.Options with { HiddenDropout = 0.25f });

    private string Differing(params string[] lines) =>
        string.Join(Environment.NewLine, lines.Prepend($"{_path}: it was saved by a run that differs."));

    // The whole message, or some of its lines; and nothing has changed: not the file, the model, optimizer, schedule, binarizer or sampler.
    private void AssertRefused<T>(TrainerOptions options, IModel model, Dataset train, Dataset evaluation, string? message, params string[] parts)
        where T : Exception
    {
        options = options with { CheckpointPath = _path };
        var sampler = new BatchSampler(train, options.BatchSize, options.Seed, options.LastBatch);
        int[] before = SmallNetwork.Bits(model);
        byte[] file = File.ReadAllBytes(_path);

        T fault = Assert.Throws<T>(() => new Trainer(options).ResumeBatches(model, sampler, evaluation))!;

        if (message is not null) Assert.That(fault.Message, Is.EqualTo(message));
        foreach (string part in parts) Assert.That(fault.Message, Does.Contain(part));
        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(before));
        Assert.That(File.ReadAllBytes(_path), Is.EqualTo(file));
        Assert.That(sampler.Position, Is.EqualTo((0, 0)));
        Assert.That(options.Binarizer.Draws, Is.Zero);
        Assert.That(model.Draws, Is.All.Zero);
        Assert.That(model.Parameters.Select(parameter => options.Optimizer.StateOf(parameter).Steps), Is.All.Zero);
        Assert.That(options.Schedule.State.Take(2), Is.All.Zero);
    }
}

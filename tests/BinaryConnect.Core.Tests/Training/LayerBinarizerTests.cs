using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using Microsoft.Extensions.Logging;

namespace BinaryConnect.Tests.Training;

/// <summary>
/// A layer's own binarizer wins over that of the options: in steps, evaluations, clipping, rates and checkpoints.
/// </summary>
internal sealed class LayerBinarizerTests
{
    private static readonly Dataset Train = SmallData.Floats(100), Test = SmallData.Bytes(40);

    private static TrainerOptions Options => new()
    {
        BatchSize = 20,
        MaxSteps = 12,
        Schedule = new ConstantRate(0.05f),
        EvaluateEverySteps = 4,
        RecomputeStatistics = true,
    };

    private static IEnumerable<TestCaseData> Own =>
    [
        new TestCaseData((Func<IBinarizer>)(() => new IdentityBinarizer())).SetArgDisplayNames("identity"),
        new TestCaseData((Func<IBinarizer>)(() => new StochasticBinarizer(9))).SetArgDisplayNames("stochastic"),
        new TestCaseData((Func<IBinarizer>)(() => OwnBinarizer.Ternary)).SetArgDisplayNames("ternary"),
        new TestCaseData((Func<IBinarizer>)(() => new OwnBinarizer((weight, _) => 0.5f * weight - 0.125f))).SetArgDisplayNames(
            "not idempotent"),
        new TestCaseData((Func<IBinarizer>)(() => new Noisy())).SetArgDisplayNames("draws at test time"),
    ];

    [Test]
    public void A_layer_of_real_weights_stays_real_whatever_the_options_say([Values] bool isFirst)
    {
        Sequential model = isFirst ? New(first: new IdentityBinarizer()) : New(last: new IdentityBinarizer());
        BinaryDense real = Dense(model, isFirst ? 0 : 1), signs = Dense(model, isFirst ? 1 : 0);
        AssertForms();

        new Trainer(Options with { Binarizer = new StochasticBinarizer(1) }).Fit(model, Train, Test);

        AssertForms();

        void AssertForms()
        {
            Assert.That(real.Weights.Effective.ToArray(), Is.EqualTo(real.Weights.Latent.ToArray()));
            Assert.That(signs.Weights.Effective.ToArray().Distinct().Order(), Is.EqualTo(new float[] { -1, 1 }));
        }
    }

    [Test]
    public void A_binarized_bias_follows_the_binarizer_of_its_layer([Values(3, 20)] int outputs)
    {
        var layer = new BinaryDense(outputs) { HasBias = true, BinarizesBias = true, Binarizer = new IdentityBinarizer() };
        var model = new Sequential(new FeatureShape(4), 0, [layer]);
        layer.Bias!.Latent.Fill(0.25f);

        model.Binarize(new DeterministicBinarizer());

        Assert.That(layer.Bias.Effective.ToArray(), Is.All.EqualTo(0.25f));
    }

    [Test]
    public void Making_a_network_draws_nothing()
    {
        var own = new StochasticBinarizer(9);

        Sequential model = New(last: own);

        Assert.That(own.Draws, Is.Zero);
        Assert.That(model.Draws, Is.EqualTo(new long[] { 0, 0 }), "dropout, binarizer");
        Assert.That(
            Dense(model, 1).Weights.Effective.ToArray(),
            Is.EqualTo(Array.ConvertAll(Dense(model, 1).Weights.Latent.ToArray(), w => w < 0 ? -1f : 1)));
    }

    [Test]
    public void Draws_are_those_of_steps_and_start_anew_with_each_run()
    {
        var own = new StochasticBinarizer(9) { Draws = 77 };
        Sequential model = New(last: own);
        int[] latent = SmallNetwork.Bits(model);
        float[][] before = [.. model.Parameters.Select(parameter => parameter.Latent.ToArray())];
        float[][] statistics = [.. model.Statistics.Select(statistic => statistic.Values.ToArray())];

        new Trainer(Options).Fit(model, Train, Test);
        int[] first = SmallNetwork.Bits(model);
        Assert.That(own.Draws, Is.EqualTo(12));
        Assert.That(model.Draws, Is.EqualTo(new long[] { 12, 12 }));

        for (int i = 0; i < before.Length; i++) before[i].CopyTo(model.Parameters[i].Latent);
        for (int i = 0; i < statistics.Length; i++) statistics[i].CopyTo(model.Statistics[i].Values);
        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(latent));
        new Trainer(Options).Fit(model, Train, Test);
        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(first));
        Assert.That(own.Draws, Is.EqualTo(12));
    }

    [Test]
    public void A_step_that_diverges_takes_draws_back()
    {
        var own = new StochasticBinarizer(9);
        Sequential model = New(last: own);
        var step = new TrainingStep(model, Options);
        step.Run(Train.ViewRaw(0, 20), 0.1f);

        Assert.That(() => step.Run(Train.ViewRaw(0, 20), float.MaxValue), Throws.InstanceOf<TrainingDivergedException>());

        Assert.That(model.Draws, Is.EqualTo(new long[] { 1, 1 }));
    }

    // Two binarizers that are equal, as records are, and one that two layers share.
    [Test]
    public void Each_binarizer_counts_once_and_by_itself()
    {
        Noisy first = new(), second = new();
        Assert.That(first, Is.EqualTo(second));
        Sequential two = New(first, second), one = New(first, first);

        two.Draws = [1, 2, 3];
        Assert.That((first.Draws, second.Draws), Is.EqualTo((2L, 3L)));
        Assert.That(one.Draws, Is.EqualTo(new long[] { 0, 2 }));
    }

    [Test]
    public void A_checkpoint_saves_draws_and_a_resumed_run_has_the_bits_of_a_whole_one([Values] bool isShared)
    {
        using var folder = new TemporaryFolder();
        TrainerOptions options = Options with { CheckpointPath = folder.PathOf("run.safetensors"), CheckpointEverySteps = 5 };
        Sequential whole = Make(), broken = Make(), resumed = Make();
        new Trainer(options).Fit(whole, Train, Test);

        new Trainer(options with { MaxSteps = 5 }).Fit(broken, Train, Test);
        new Trainer(options).Resume(resumed, Train, Test);

        Assert.That(SmallNetwork.Bits(resumed), Is.EqualTo(SmallNetwork.Bits(whole)));
        Assert.That(resumed.Draws, Is.EqualTo(whole.Draws));

        Sequential Make()
        {
            var own = new StochasticBinarizer(9);
            return New(new StochasticBinarizer(4), own, isShared ? own : null);
        }
    }

    [Test]
    public void Another_binarizer_of_a_layer_is_another_run_and_one_that_says_nothing_is_named()
    {
        using var folder = new TemporaryFolder();
        TrainerOptions options = Options with { CheckpointPath = folder.PathOf("run.safetensors"), CheckpointEverySteps = 5 };
        new Trainer(options).Fit(New(last: new StochasticBinarizer(9)), Train, Test);

        Assert.That(
            () => Resume(new StochasticBinarizer(8)),
            Throws.ArgumentException.With.Message.Contains("'parameter.layer2.weights.binarizer.seed' is 8"));
        Assert.That(() => Resume(null), Throws.ArgumentException.With.Message.Contains("'parameter.layer2.weights.binarizer'"));

        new Trainer(options).Fit(New(last: OwnBinarizer.Ternary), Train, Test);
        Assert.That(Resume(OwnBinarizer.Ternary), Has.Some.Contains("parameter.layer2.weights.binarizer"));

        List<string> Resume(IBinarizer? own)
        {
            var logger = new RecordingLogger();
            new Trainer(options, logger).Resume(New(last: own), Train, Test);
            return [.. logger.Entries.Where(entry => entry.Level == LogLevel.Warning).Select(entry => entry.Message)];
        }
    }

    [TestCaseSource(nameof(Own))]
    public void An_evaluation_leaves_the_model_as_it_was(Func<IBinarizer> own)
    {
        foreach (EvaluationWeights weights in Enum.GetValues<EvaluationWeights>())
        {
            foreach (Dataset? statistics in new[] { null, Train })
            {
                Sequential model = New(own(), own());
                TrainerOptions options = Options with { Binarizer = new StochasticBinarizer(3), EvaluationSamples = 2 };
                new Trainer(options with { EvaluationWeights = EvaluationWeights.LastStep }).Fit(model, Train, Test);
                (int[] bits, int[] effective, long[] draws, float[] outputs) = StateOf(model);

                EvaluationResult result = new Trainer(options).Evaluate(model, Test, weights, statistics);
                EvaluationResult again = new Trainer(options).Evaluate(model, Test, weights, statistics);

                string what = $"{weights}, {(statistics is null ? "statistics kept" : "statistics recomputed")}";
                (int[] bitsAfter, int[] effectiveAfter, long[] drawsAfter, float[] outputsAfter) = StateOf(model);
                Assert.That(bitsAfter, Is.EqualTo(bits), what);
                Assert.That(effectiveAfter, Is.EqualTo(effective), what);
                Assert.That(drawsAfter, Is.EqualTo(draws), what);
                Assert.That(outputsAfter, Is.EqualTo(outputs), what);
                Assert.That(again, Is.EqualTo(result), what);
            }
        }
    }

    [Test]
    public void An_evaluation_of_real_weights_takes_those_of_every_layer()
    {
        Sequential model = New(last: OwnBinarizer.Ternary), real = New(new IdentityBinarizer(), new IdentityBinarizer());
        TrainerOptions options = Options with { Loss = new SquaredHingeLoss() };

        EvaluationResult result = new Trainer(options).Evaluate(model, Test, EvaluationWeights.Latent);

        Assert.That(result.Loss, Is.EqualTo(new Trainer(options).Evaluate(real, Test).Loss).Within(1e-5).Percent);
    }

    [TestCase(null)]
    [TestCase(true)]
    [TestCase(false)]
    public void Each_weight_is_clipped_by_what_its_binarizer_says(bool? clips)
    {
        Sequential model = New(last: new IdentityBinarizer());
        TrainerOptions options = Options with
        {
            ClipWeights = clips,
            Schedule = new ConstantRate(20),
            Optimizer = new Sgd(),
            EvaluateEverySteps = null,
        };

        new Trainer(options).Fit(model, Train);

        Assert.That(Largest(0) <= 1, Is.EqualTo(clips ?? true), "signs");
        Assert.That(Largest(1) <= 1, Is.EqualTo(clips ?? false), "real");

        float Largest(int layer) => Dense(model, layer).Weights.Latent.ToArray().Max(MathF.Abs);
    }

    [Test]
    public void Only_weights_whose_binarizer_uses_the_bound_take_scaled_rates()
    {
        float[][] plain = Changes(RateScaling.None), scaled = Changes(RateScaling.InverseGlorot);
        float c = New().Parameters[0].GlorotCoefficient;

        Assert.That(Norm(scaled[0]) / Norm(plain[0]), Is.EqualTo(1 / c).Within(1).Percent, "signs");
        Assert.That(scaled[1], Is.EqualTo(plain[1]), "real");

        static float[][] Changes(RateScaling scaling)
        {
            Sequential model = New(last: new IdentityBinarizer());
            float[][] before = [.. Weights(model)];
            new TrainingStep(model, Options with { RateScaling = scaling, Optimizer = new Sgd() }).Run(
                Train.ViewRaw(0, 20), 1e-3f);
            return [.. Weights(model).Zip(before, (after, was) => after.Zip(was, (a, b) => a - b).ToArray())];
        }

        static IEnumerable<float[]> Weights(Sequential model) =>
            [.. model.Layers.OfType<BinaryDense>().Select(layer => layer.Weights.Latent.ToArray())];

        static double Norm(float[] values) => Math.Sqrt(values.Sum(value => (double)value * value));
    }

    private static Sequential New(IBinarizer? first = null, IBinarizer? last = null, IBinarizer? middle = null) => new(
        new FeatureShape(SmallData.Features), seed: 2,
        [
            new BinaryDense(20) { Binarizer = first }, new BatchNorm(), new Relu(), new Dropout(0.2f),
            .. middle is null ? Array.Empty<Layer>() : [new BinaryDense(20) { Binarizer = middle }, new BatchNorm()],
            new BinaryDense(SmallData.Classes) { Binarizer = last, HasBias = true },
        ]);

    private static BinaryDense Dense(Sequential model, int index) => model.Layers.OfType<BinaryDense>().ElementAt(index);

    private static (int[] Bits, int[] Effective, long[] Draws, float[] Outputs) StateOf(Sequential model)
    {
        float[] outputs = new float[Test.Count * SmallData.Classes];
        model.Infer(Test.ViewRaw(0, Test.Count), outputs);
        return (
            SmallNetwork.Bits(model),
            [.. model.Parameters.SelectMany(parameter => Numbers.Bits(parameter.Effective))],
            [.. model.Draws],
            outputs);
    }

    // A user's record, equal to any other of the same draws. It does not say that it is another at test time.
    private sealed record Noisy : IBinarizer
    {
        public long Draws { get; set; }

        public void Binarize(ReadOnlySpan<float> weights, Span<float> destination, float bound = 1)
        {
            var random = new Random((int)Draws++);
            for (int i = 0; i < weights.Length; i++) destination[i] = weights[i] + 0.1f * random.NextSingle();
        }
    }
}

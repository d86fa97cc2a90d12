using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using BinaryConnect.UserLayers;

namespace BinaryConnect.Tests.Models;

/// <summary>
/// User-defined layers, from an assembly that sees no internals: they have the rights of the library's own.
/// </summary>
internal sealed class UserLayersTests
{
    private const int Rows = 20;

    private static IEnumerable<TestCaseData> Layers =>
    [
        new TestCaseData((Func<Layer>)(() => new HardTanh())).SetArgDisplayNames("no parameters"),
        new TestCaseData((Func<Layer>)(() => new Tanh())).SetArgDisplayNames("reads its output"),
        new TestCaseData((Func<Layer>)(() => new CenteredDense(5))).SetArgDisplayNames("weights, parameter, statistic"),
        new TestCaseData((Func<Layer>)(() => new NoisyGate(0.5f))).SetArgDisplayNames("draws"),
    ];

    private static TrainerOptions Options => new()
    {
        BatchSize = Rows,
        MaxSteps = 12,
        Binarizer = new StochasticBinarizer(5),
        Optimizer = new Adam(),
        RecomputeStatistics = true,
    };

    // Effective weights are the latent ones here, so that the loss is smooth in them. Sums are in float32.
    [TestCaseSource(nameof(Layers))]
    public void Gradients_agree_with_central_differences(Func<Layer> layer)
    {
        const float Step = 1f / 512;
        Sequential model = Surrounded(layer());
        float[] x = Numbers.Uniform(1, Rows * SmallData.Features, -1, 1), g = Numbers.Uniform(2, Rows * SmallData.Classes);
        Loss();
        model.Backward(new Batch(x, Rows), g);
        float[][] gradients = [.. model.Parameters.Select(parameter => parameter.Gradient.ToArray())];

        foreach ((Parameter parameter, float[] gradient) in model.Parameters.Zip(gradients))
        {
            double[] expected = new double[parameter.Length];
            for (int i = 0; i < expected.Length; i++)
            {
                float kept = parameter.Latent[i];
                parameter.Latent[i] = kept + Step;
                double above = Loss();
                parameter.Latent[i] = kept - Step;
                expected[i] = (above - Loss()) / (2 * Step);
                parameter.Latent[i] = kept;
            }

            Assert.That(Numbers.RelativeError(gradient, expected), Is.LessThan(1e-2), parameter.Name);
        }

        double Loss()
        {
            float[] logits = new float[g.Length];
            model.Draws = new long[model.Draws.Count];
            model.Binarize(new IdentityBinarizer());
            model.Forward(new Batch(x, Rows), logits);
            return ReferenceLayers.Dot(Numbers.Doubles(g), Numbers.Doubles(logits));
        }
    }

    [Test]
    public void One_and_four_threads_give_the_same_bits()
    {
        Sequential one = Trained(1), four = Trained(4);

        Assert.That(SmallNetwork.Bits(four), Is.EqualTo(SmallNetwork.Bits(one)));
        Assert.That(four.Draws, Is.EqualTo(one.Draws));

        static Sequential Trained(int threads)
        {
            Sequential model = UserNetwork.New(SmallData.Features, SmallData.Classes, hidden: 300);
            Dataset data = SmallData.Bytes(600);
            new Trainer(Options with { BatchSize = 256, MaxSteps = 3, MaxDegreeOfParallelism = threads })
                .Fit(model, data, SmallData.Floats(50));
            return model;
        }
    }

    [Test]
    public void A_step_allocates_nothing([Values(1, 2)] int threads)
    {
        Sequential model = UserNetwork.New(SmallData.Features, SmallData.Classes);
        var step = new TrainingStep(model, Options with { MaxDegreeOfParallelism = threads });
        var sampler = new BatchSampler(SmallData.Bytes(100), Rows, seed: 1);
        float[] logits = new float[Rows * SmallData.Classes];
        for (int i = 0; i < 3; i++) step.Run(sampler.NextRaw(), 0.01f);

        Assert.That(Allocations.OfSecondCall(() => step.Run(sampler.NextRaw(), 0.01f)), Is.Zero, "a step");
        Assert.That(Allocations.OfSecondCall(() => model.Infer(sampler.NextRaw(), logits)), Is.Zero, "inference");
    }

    // Dropout would overwrite what tanh reads backward, if it might; with memory of its own in between it cannot.
    [Test]
    public void A_layer_that_reads_its_output_trains_the_same_before_dropout_that_works_in_place()
    {
        Sequential next = Trained([new Tanh(), new Dropout(0.4f)]);
        Sequential apart = Trained([new Tanh(), new OwnMemory(), new Dropout(0.4f)]);

        Assert.That(SmallNetwork.Bits(next), Is.EqualTo(SmallNetwork.Bits(apart)));

        static Sequential Trained(Layer[] layers)
        {
            var model = new Sequential(
                new FeatureShape(SmallData.Features), 1, [new BinaryDense(30), .. layers, new BinaryDense(SmallData.Classes)]);
            new Trainer(Options).Fit(model, SmallData.Floats(100), SmallData.Floats(40));
            return model;
        }
    }

    [Test]
    public void A_checkpoint_gives_statistics_draws_and_real_parameters_back()
    {
        using var folder = new TemporaryFolder();
        TrainerOptions options = Options with
        {
            CheckpointPath = folder.PathOf("run.safetensors"),
            CheckpointEverySteps = 5,
            EvaluateEverySteps = 6,
        };
        Sequential whole = New(), broken = New(), resumed = New();
        new Trainer(options).Fit(whole, SmallData.Bytes(100), SmallData.Bytes(40));

        new Trainer(options with { MaxSteps = 5, Binarizer = new StochasticBinarizer(5) })
            .Fit(broken, SmallData.Bytes(100), SmallData.Bytes(40));
        new Trainer(options with { Binarizer = new StochasticBinarizer(5) })
            .Resume(resumed, SmallData.Bytes(100), SmallData.Bytes(40));

        Assert.That(SmallNetwork.Bits(resumed), Is.EqualTo(SmallNetwork.Bits(whole)));
        Assert.That(resumed.Draws, Is.EqualTo(whole.Draws));

        static Sequential New() => UserNetwork.New(SmallData.Features, SmallData.Classes);
    }

    [Test]
    public void A_summary_has_a_row_for_each_layer()
    {
        NetworkSummary summary = UserNetwork.New(SmallData.Features, SmallData.Classes).Summary();

        Assert.That(summary.Layers.Select(layer => layer.Name), Is.EqualTo(new[]
        {
            "input", "layer1", "layer1", "layer1", "layer2", "layer2", "layer2", "layer2", "layer2", "layer3", "layer3", "layer4",
        }));
        Assert.That(summary.Layers[1].Kind, Is.EqualTo("example.com/centered dense"));
        Assert.That(
            summary.Layers[1], Is.EqualTo(new LayerSummary("layer1", summary.Layers[1].Kind, 6, 24, 144, 24, 144, 768, 24 + 96)));
    }

    [Test]
    public void Many_threads_predict_at_once()
    {
        Sequential model = UserNetwork.New(SmallData.Features, SmallData.Classes);
        new Trainer(Options).Fit(model, SmallData.Bytes(100), SmallData.Bytes(40));
        float[] x = Numbers.Uniform(1, 64 * SmallData.Features);
        int[] expected = [.. Enumerable.Range(0, 64).Select(row => model.Predict(RowOf(x, row)))];
        int wrong = 0;

        Threads.Run(8, (number, barrier) =>
        {
            barrier.SignalAndWait();
            for (int i = 0; i < 1_000; i++)
            {
                int row = (i + number) % 64;
                if (model.Predict(RowOf(x, row)) != expected[row]) Interlocked.Increment(ref wrong);
            }
        });

        Assert.That(expected.Distinct().Count(), Is.GreaterThan(1));
        Assert.That(wrong, Is.Zero);
    }

    private static ReadOnlySpan<float> RowOf(float[] x, int row) => x.AsSpan(row * SmallData.Features, SmallData.Features);

    private static Sequential Surrounded(Layer layer) => new(new FeatureShape(SmallData.Features), seed: 7,
    [
        new BinaryDense(6) { HasBias = true }, new Dropout(0.3f), layer, new Dropout(0.3f),
        new BinaryDense(SmallData.Classes) { HasBias = true },
    ]);
}

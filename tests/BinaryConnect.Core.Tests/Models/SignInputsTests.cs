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
/// Dense layers after a layer of signs: products of bits against those of floats, which a layer that does not declare
/// its signs leads to.
/// </summary>
internal sealed class SignInputsTests
{
    private static IEnumerable<TestCaseData> Binarizers =>
    [
        new TestCaseData((Func<IBinarizer>)(() => new DeterministicBinarizer())).SetArgDisplayNames("signs"),
        new TestCaseData((Func<IBinarizer>)(() => new StochasticBinarizer(7))).SetArgDisplayNames("random signs"),
        new TestCaseData((Func<IBinarizer>)(() => OwnBinarizer.Signs)).SetArgDisplayNames("own signs"),
        new TestCaseData((Func<IBinarizer>)(() => new IdentityBinarizer())).SetArgDisplayNames("full precision"),
    ];

    private static TrainerOptions Options => new() { BatchSize = 200, Optimizer = new Adam(), RecomputeStatistics = true };

    [TestCaseSource(nameof(Binarizers))]
    public void Outputs_are_those_of_floats_to_the_bit(Func<IBinarizer> binarizer)
    {
        foreach (int hidden in (int[])[1, 7, 64, 100, 333])
        {
            Sequential bits = New(hidden, declares: true), floats = New(hidden, declares: false);
            bits.Binarize(binarizer());
            floats.Binarize(binarizer());
            foreach (int rows in (int[])[2, 3, 8, 33, 70])
            {
                Assert.That(Forward(bits, rows), Is.EqualTo(Forward(floats, rows)), $"training, {hidden} units, {rows} rows");
                Assert.That(Infer(bits, rows), Is.EqualTo(Infer(floats, rows)), $"inference, {hidden} units, {rows} rows");
            }

            bits.RecomputeStatistics(SmallData.Floats(50), batchSize: 20);
            floats.RecomputeStatistics(SmallData.Floats(50), batchSize: 20);
            Assert.That(SmallNetwork.Bits(bits), Is.EqualTo(SmallNetwork.Bits(floats)), $"statistics, {hidden} units");
            Assert.That(Infer(bits, 1), Is.EqualTo(Infer(floats, 1)), $"one row, {hidden} units");
        }
    }

    // A pass with more rows comes before one with fewer: what it packed must not count again. The terms of the scale's
    // gradient, one for each weight, nearly cancel.
    [TestCaseSource(nameof(Binarizers))]
    public void Gradients_are_those_of_floats(Func<IBinarizer> binarizer)
    {
        foreach (int hidden in (int[])[7, 64, 100, 333])
        {
            Sequential bits = New(hidden, declares: true), floats = New(hidden, declares: false);
            bits.Binarize(binarizer());
            floats.Binarize(binarizer());
            foreach (int rows in (int[])[70, 33, 8, 3])
            {
                float[] g = Numbers.Uniform(rows, rows * SmallData.Classes, -1, 1);
                foreach (Sequential model in (Sequential[])[bits, floats])
                {
                    Forward(model, rows);
                    model.Backward(Rows(rows), g);
                }

                foreach ((Parameter actual, Parameter expected) in bits.Parameters.Zip(floats.Parameters))
                {
                    double error = Numbers.RelativeError(actual.Gradient.ToArray(), Numbers.Doubles(expected.Gradient));
                    double most = actual.Length == 1 ? 1e-3 : 1e-4;
                    Assert.That(error, Is.LessThan(most), $"{actual.Name}, {hidden} units, {rows} rows");
                }
            }
        }
    }

    [Test]
    public void A_users_layer_declares_signs_as_the_librarys_does()
    {
        Sequential own = Trained(New(40, () => new Threshold(declares: true)));
        Sequential ours = Trained(New(40, () => new SignActivation()));

        Assert.That(SmallNetwork.Bits(own), Is.EqualTo(SmallNetwork.Bits(ours)));
    }

    [Test]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        int[] one = SmallNetwork.Bits(Trained(New(330, declares: true)));
        foreach (int threads in (int[])[2, 4])
            Assert.That(SmallNetwork.Bits(Trained(New(330, declares: true), threads)), Is.EqualTo(one), $"{threads} threads");
    }

    [Test]
    public void A_step_and_a_prediction_allocate_nothing([Values(1, 2)] int threads)
    {
        Sequential model = New(330, declares: true);
        var step = new TrainingStep(model, Options with { MaxDegreeOfParallelism = threads });
        var sampler = new BatchSampler(SmallData.Bytes(500), 200, seed: 1);
        float[] logits = new float[200 * SmallData.Classes];
        for (int i = 0; i < 3; i++) step.Run(sampler.NextRaw(), 0.01f);

        Assert.That(Allocations.OfSecondCall(() => step.Run(sampler.NextRaw(), 0.01f)), Is.Zero, "a step");
        Assert.That(Allocations.OfSecondCall(() => model.Infer(sampler.NextRaw(), logits)), Is.Zero, "inference");
    }

    [Test]
    public void Dropout_passes_signs_on_but_in_training()
    {
        var dropout = new Dropout(0.5f);

        Assert.That(dropout.HasSignOutputs(PassMode.Inference, hasSignInputs: true));
        Assert.That(dropout.HasSignOutputs(PassMode.Statistics, hasSignInputs: true));
        Assert.That(dropout.HasSignOutputs(PassMode.Training, hasSignInputs: true), Is.False);
        Assert.That(dropout.HasSignOutputs(PassMode.Inference, hasSignInputs: false), Is.False);
        Sequential bits = Trained(New(40, () => new Threshold(declares: true), new Dropout(0.4f)));
        Sequential floats = Trained(New(40, () => new Threshold(declares: false), new Dropout(0.4f)));
        Assert.That(Infer(bits, 9), Is.EqualTo(Infer(floats, 9)));
    }

    [Test]
    public void A_checkpoint_goes_on_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        TrainerOptions options = Options with
        {
            MaxSteps = 12,
            CheckpointPath = folder.PathOf("run.safetensors"),
            CheckpointEverySteps = 5,
        };
        Sequential whole = New(40, declares: true), resumed = New(40, declares: true);
        new Trainer(options).Fit(whole, SmallData.Bytes(400));

        File.Delete(options.CheckpointPath!);
        new Trainer(options with { MaxSteps = 5, Optimizer = new Adam() }).Fit(New(40, declares: true), SmallData.Bytes(400));
        new Trainer(options with { Optimizer = new Adam() }).Resume(resumed, SmallData.Bytes(400));

        Assert.That(SmallNetwork.Bits(resumed), Is.EqualTo(SmallNetwork.Bits(whole)));
    }

    [Test]
    public void A_layer_whose_signs_are_others_is_named()
    {
        Sequential model = New(40, () => new Threshold(declares: true, magnitude: 0.5f));

        Assert.That(() => Infer(model, 5), Throws.InvalidOperationException.With.Message.EqualTo(
            "An input of the layer of 'layer2.weights' is neither +1 nor −1; the layer before it says 'HasSignOutputs'."));
    }

    private static Sequential New(int hidden, bool declares) => New(hidden, () => new Threshold(declares));

    private static Sequential New(int hidden, Func<Layer> sign, Dropout? dropout = null) =>
        new(new FeatureShape(SmallData.Features), seed: 5,
        [
            new BinaryDense(hidden), new BatchNorm(), sign(), dropout ?? (Layer)new Identity(),
            new BinaryDense(hidden + 3) { HasBias = true, Bound = 0.07f, InitialScale = 0.8f }, sign(),
            new BinaryDense(SmallData.Classes), new BatchNorm(),
        ]);

    private static Sequential Trained(Sequential model, int threads = 1)
    {
        new Trainer(Options with { MaxSteps = 4, MaxDegreeOfParallelism = threads })
            .Fit(model, SmallData.Bytes(400), SmallData.Bytes(50));
        return model;
    }

    private static Batch Rows(int count) => new(Numbers.Uniform(count, count * SmallData.Features), count);

    private static float[] Forward(Sequential model, int rows)
    {
        float[] logits = new float[rows * SmallData.Classes];
        model.Forward(Rows(rows), logits);
        return logits;
    }

    private static float[] Infer(Sequential model, int rows)
    {
        float[] logits = new float[rows * SmallData.Classes];
        model.Infer(Rows(rows), logits);
        return logits;
    }
}

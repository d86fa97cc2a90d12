using System.Numerics.Tensors;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

/// <summary>Predictions of any model, by the methods that users call.</summary>
[NonParallelizable]
internal sealed class PredictionTests
{
    private const int Features = SmallData.Features, Classes = SmallData.Classes;

    private static IEnumerable<TestCaseData> Models =>
    [
        new TestCaseData((Func<IModel>)(() => new LogisticModel(Features, Classes, seed: 3))).SetArgDisplayNames("logistic"),
        new TestCaseData((Func<IModel>)SmallNetwork.New).SetArgDisplayNames("layers"),
        new TestCaseData((Func<IModel>)(() => new FloatsAlone())).SetArgDisplayNames("floats alone"),
    ];

    // Buffers have room for 128 rows.
    [TestCaseSource(nameof(Models))]
    public void All_ways_agree(Func<IModel> make)
    {
        // Sums of signs have ties, which bytes and floats may break in different ways.
        IModel model = make();
        model.Binarize(new IdentityBinarizer());
        foreach (int rows in new[] { 1, 2, 127, 128, 129, 300 })
        {
            Dataset bytes = SmallData.Bytes(rows);
            float[] floats = new float[rows * Features];
            bytes.View(0, rows, floats);
            float[] logits = new float[rows * Classes], probabilities = new float[rows * Classes];
            model.Infer(new Batch(floats, rows), logits);
            int[] expected = [.. Enumerable.Range(0, rows).Select(row => IndexOfMax(logits.AsSpan(row * Classes, Classes)))];
            int[] ofFloats = new int[rows], ofBytes = new int[rows], ofData = new int[rows], ofFloatData = new int[rows];

            model.Predict(floats, ofFloats);
            model.Predict(bytes.Bytes, bytes.Scale, bytes.Shift, ofBytes);
            model.Predict(bytes, ofData);
            model.Predict(Dataset.FromFloats(floats, bytes.Labels.ToArray(), Features, Classes), ofFloatData);
            model.PredictProbabilities(floats, probabilities);

            Assert.That(ofFloats, Is.EqualTo(expected), $"{rows} rows of floats");
            Assert.That(ofBytes, Is.EqualTo(expected), $"{rows} rows of bytes");
            Assert.That(ofData, Is.EqualTo(expected), $"a data set of {rows} rows");
            Assert.That(ofFloatData, Is.EqualTo(expected), $"a data set of {rows} rows of floats");
            for (int i = 0; i < rows; i++)
            {
                Assert.That(model.Predict(floats.AsSpan(i * Features, Features)), Is.EqualTo(expected[i]));
                Assert.That(
                    model.Predict(bytes.Bytes.Slice(i * Features, Features), bytes.Scale, bytes.Shift), Is.EqualTo(expected[i]));
                Span<float> row = probabilities.AsSpan(i * Classes, Classes);
                Assert.That(row.ToArray().Sum(), Is.EqualTo(1).Within(1e-5));
                Assert.That(IndexOfMax(row), Is.EqualTo(expected[i]));
            }
        }
    }

    [TestCaseSource(nameof(Models))]
    public void No_rows_give_no_classes(Func<IModel> make)
    {
        IModel model = make();
        model.Predict([], Span<int>.Empty);
        model.Predict([], 1, 0, []);
        model.PredictProbabilities([], []);
    }

    [TestCaseSource(nameof(Models))]
    public void Wrong_lengths_are_refused(Func<IModel> make)
    {
        IModel model = make();
        Assert.That(
            () => model.Predict(new float[Features - 1]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'features'"));
        Assert.That(
            () => model.Predict(new float[2 * Features]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'features'"));
        Assert.That(() => model.Predict(ReadOnlySpan<float>.Empty), Throws.InstanceOf<ArgumentException>());
        Assert.That(
            () => model.Predict(new byte[2 * Features], 1, 0),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'bytes'"));
        Assert.That(
            () => model.Predict(new float[Features + 1], new int[1]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'features'"));
        Assert.That(
            () => model.Predict(new float[Features], new int[2]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'classes'"));
        Assert.That(
            () => model.Predict(new byte[Features], 1, 0, new int[2]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'classes'"));
        Assert.That(
            () => model.Predict(new byte[Features], 0, 0, new int[1]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'scale'"));
        Assert.That(
            () => model.Predict(new byte[Features], 1, float.NaN),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'shift'"));
        Assert.That(
            () => model.Predict(SmallData.Bytes(5), new int[4]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'classes'"));
        Assert.That(() => model.Predict((Dataset)null!, new int[4]), Throws.ArgumentNullException);
        Assert.That(
            () => model.PredictProbabilities(new float[Features], new float[Classes + 1]),
            Throws.InstanceOf<ArgumentException>());
        float[] both = new float[2 * Features];
        Assert.That(
            () => model.PredictProbabilities(both.AsSpan(..Features), both.AsSpan(Features - 1, Classes)),
            Throws.InstanceOf<ArgumentException>());
        Assert.That(() => ((IModel)null!).Predict(new float[Features]), Throws.ArgumentNullException);
        Assert.That(() => ((IModel)null!).Predict(new float[Features], new int[1]), Throws.ArgumentNullException);
        Assert.That(
            () => ((IModel)null!).PredictProbabilities(new float[Features], new float[Classes]),
            Throws.ArgumentNullException);
    }

    [TestCaseSource(nameof(Models))]
    public void Nothing_is_allocated_after_the_first_call(Func<IModel> make)
    {
        IModel model = make();
        Dataset bytes = SmallData.Bytes(300);
        float[] floats = Numbers.Uniform(1, 300 * Features), probabilities = new float[300 * Classes];
        int[] classes = new int[300];

        Assert.That(Allocations.OfSecondCall(() => model.Predict(floats.AsSpan(0, Features))), Is.Zero, "a row");
        Assert.That(Allocations.OfSecondCall(() => model.Predict(bytes.Bytes[..Features], 1, 0)), Is.Zero, "a row of bytes");
        Assert.That(Allocations.OfSecondCall(() => model.Predict(floats, classes)), Is.Zero, "rows");
        Assert.That(Allocations.OfSecondCall(() => model.Predict(bytes.Bytes, 1, 0, classes)), Is.Zero, "rows of bytes");
        Assert.That(Allocations.OfSecondCall(() => model.Predict(bytes, classes)), Is.Zero, "a data set");
        Assert.That(Allocations.OfSecondCall(() => model.PredictProbabilities(floats, probabilities)), Is.Zero, "probabilities");
    }

    // 128 rows of so many classes are 2³¹ logits.
    [Test]
    public void Very_many_classes_are_computed_a_few_rows_at_a_time()
    {
        const int Many = 1 << 24;
        var model = new Sequential(new FeatureShape(1), 0,
        [
            new OwnLayer
            {
                OnBuild = (_, _) => new FeatureShape(Many),
                OnForward = (in LayerPass pass) =>
                {
                    pass.Output.Clear();
                    for (int i = 0; i < pass.Rows; i++) pass.Output[i * Many + (int)pass.Input[i]] = 1;
                },
            },
        ]);
        int[] classes = new int[3];

        model.Predict([5, 0, Many - 1], classes);

        Assert.That(classes, Is.EqualTo(new[] { 5, 0, Many - 1 }));
    }

    // The memory that a layer asks for has room for two rows in training, and the network takes no more.
    [Test]
    public void A_network_of_few_rows_predicts_many()
    {
        var model = new Sequential(new FeatureShape(1), 0,
        [
            new OwnLayer
            {
                OnBuild = (_, builder) =>
                {
                    builder.AddRowMemory(1_000_000_000);
                    return new FeatureShape(2);
                },
                OnForward = (in LayerPass pass) =>
                {
                    for (int i = 0; i < pass.Rows; i++) (pass.Output[2 * i], pass.Output[2 * i + 1]) = (0, pass.Input[i]);
                },
            },
        ]);
        int[] classes = new int[5];
        float[] probabilities = new float[10];

        model.Predict([1, -1, 2, -2, 3], classes);
        model.PredictProbabilities([1, -1, 2, -2, 3], probabilities);

        Assert.That(classes, Is.EqualTo(new[] { 1, 0, 1, 0, 1 }));
        Assert.That(probabilities[8] + probabilities[9], Is.EqualTo(1).Within(1e-6));
    }

    private static int IndexOfMax(ReadOnlySpan<float> values) => TensorPrimitives.IndexOfMax(values);

    // A user's model: z[k] = x[k]·(k + 1), of floats.
    private sealed class FloatsAlone : IModel
    {
        public int FeatureCount => Features;

        public int ClassCount => Classes;

        public IReadOnlyList<Parameter> Parameters => [];

        public IReadOnlyList<long> Draws
        {
            get => [];
            set { }
        }

        public void Forward(Batch batch, Span<float> logits)
        {
            if (batch.HasBytes) throw new InvalidOperationException("It takes floats alone.");
            for (int i = 0; i < logits.Length; i++)
                logits[i] = batch.Features[i / Classes * Features + i % Classes] * (i % Classes + 1);
        }

        public void Backward(Batch batch, ReadOnlySpan<float> logitsGradient)
        {
        }
    }
}

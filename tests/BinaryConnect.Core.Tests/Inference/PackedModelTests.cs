using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Inference;

/// <summary>A packed model alone: its formula, its errors, and many threads.</summary>
internal sealed class PackedModelTests
{
    private static readonly float[] One = [1], Two = [1, 1];

    // Two inputs, signs + −, then ⋅2 + 1, from −3 to 4.
    private static PackedLayer Layer { get; } = new(
        2, 1, new byte[] { 0b01 }, default, new float[] { 2 }, new float[] { 1 }, -3, 4);

    private static IEnumerable<TestCaseData> Wrong =>
    [
        Case("inputs", Layer with { Inputs = 3 }, "as many inputs as there are values before it, 2, and not 3"),
        Case("outputs", Layer with { Outputs = 0 }, "from 1 to 67,108,864 outputs, and not 0"),
        Case("bytes", Layer with { SignBits = new byte[2] }, "⌈f/8⌉ bytes of signs for each output"),
        Case("tail bits", Layer with { SignBits = new byte[] { 0b101 } }, "bits of 0 after the last input"),
        Case("both", Layer with { Weights = new float[2] }, "signs or real weights, and not both"),
        Case("weights", Layer with { SignBits = default, Weights = new float[3] }, "f weights for each output"),
        Case("no product", Layer with { SignBits = default }, "as many outputs as inputs, where it has no weights"),
        Case("scale", Layer with { Scale = new float[2] }, "a scale and an offset for each output"),
        Case("offset", Layer with { Offset = default }, "a scale and an offset for each output"),
        Case("NaN", Layer with { Offset = new[] { float.NaN } }, "finite weights, scales and offsets"),
        Case("clamp", Layer with { Low = 5 }, "a least output that is at most the greatest"),
        Case("clamp of NaN", Layer with { High = float.NaN }, "a least output that is at most the greatest"),
    ];

    [TestCase(1, 0, ExpectedResult = 3f)]
    [TestCase(0, 1, ExpectedResult = -1f)]
    [TestCase(0, 9, ExpectedResult = -3f)]
    [TestCase(9, 0, ExpectedResult = 4f)]
    public float A_layer_is_product_scale_offset_and_clamp(byte first, byte second)
    {
        var model = new PackedModel(new FeatureShape(2), 1, 0, [Layer]);
        float[] ofFloats = new float[1], ofBytes = new float[1];

        model.Scores(new float[] { first, second }, ofFloats);
        model.Scores(new byte[] { first, second }, ofBytes);

        Assert.That(ofBytes, Is.EqualTo(ofFloats));
        return ofFloats[0];
    }

    [Test]
    public void Scale_and_shift_of_bytes_are_those_of_every_input()
    {
        var model = new PackedModel(
            new FeatureShape(3), 0.5f, 2, [new(3, 2, new byte[] { 0b111, 0b001 }, default, Two, new float[2], -100, 100)]);
        float[] scores = new float[2];

        model.Scores(new byte[] { 2, 4, 6 }, scores);

        Assert.That(scores, Is.EqualTo(new float[] { 3 + 4 + 5, 3 - 4 - 5 }));
    }

    [Test]
    public void Real_weights_and_layers_without_weights_take_their_part()
    {
        PackedLayer affine = new(
            2, 2, default, default, new float[] { 2, -1 }, new float[] { 0, 1 }, float.NegativeInfinity, float.PositiveInfinity);
        PackedLayer real = new(
            2, 1, default, new float[] { 0.5f, 4 }, One, new float[1], float.NegativeInfinity, float.PositiveInfinity);
        float[] scores = new float[1];

        new PackedModel(new FeatureShape(2), 1, 0, [affine, real]).Scores(new float[] { 3, 5 }, scores);

        Assert.That(scores[0], Is.EqualTo(0.5f * 6 + 4 * -4));
    }

    [TestCaseSource(nameof(Wrong))]
    public void What_does_not_fit_is_refused(PackedLayer layer, string expected) =>
        Assert.That(
            () => new PackedModel(new FeatureShape(2), 1, 0, [layer]),
            Throws.ArgumentException.With.Message.EqualTo($"Packed layer 0 must have {expected}."));

    [Test]
    public void It_keeps_what_it_was_made_of()
    {
        byte[] signs = [0b11];
        var model = new PackedModel(new FeatureShape(2), 1, 0, [Layer with { SignBits = signs }]);
        signs[0] = 0;

        Assert.That(model.Layers[0].SignBits.ToArray(), Is.EqualTo(new byte[] { 0b11 }));
    }

    [Test]
    public void Lengths_that_do_not_fit_are_refused()
    {
        var model = new PackedModel(new FeatureShape(2), 1, 0, [Layer]);

        Assert.That(() => model.Predict(One), Throws.ArgumentException.With.Message.EqualTo(
            "'features' has length 1; it must have the model's feature count, 2. (Parameter 'features')"));
        Assert.That(() => model.Predict(new byte[3], new int[1]), Throws.ArgumentException.With.Message.EqualTo(
            "'bytes' has length 3; it must be a whole number of rows of 'FeatureCount', 2. (Parameter 'bytes')"));
        Assert.That(() => model.Scores(Two, new float[2]), Throws.ArgumentException.With.Message.EqualTo(
            "'scores' has length 2; it must have a row of classes for each row of inputs, 1. (Parameter 'scores')"));
        Assert.That(
            () => model.Scores(Two, new float[1], 0),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("'maxDegreeOfParallelism' is 0"));
        Assert.That(() => model.Predict(default(ReadOnlySpan<float>), []), Throws.Nothing, "no rows");
    }

    [Test]
    public void Probabilities_are_the_softmax_of_the_scores()
    {
        PackedModel model = ModelPacker.Pack(new LogisticModel(5, 3));
        byte[] bytes = [0, 50, 100, 150, 200, 250, 200, 150, 100, 50];
        float[] x = Array.ConvertAll(bytes, value => value / 255f);
        float[] scores = new float[6], probabilities = new float[6], ofBytes = new float[6];
        model.Scores(x, scores);

        model.PredictProbabilities(x, probabilities);
        model.PredictProbabilities(bytes, ofBytes);

        for (int row = 0; row < 2; row++)
        {
            double sum = scores[(3 * row)..(3 * row + 3)].Sum(score => Math.Exp(score));
            Assert.That(probabilities[3 * row], Is.EqualTo(Math.Exp(scores[3 * row]) / sum).Within(1e-6));
        }

        Assert.That(ofBytes, Is.EqualTo(probabilities).Within(1e-6));
    }

    [Test]
    [NonParallelizable]
    public void Eight_threads_get_the_right_answers_and_allocate_nothing()
    {
        const int Features = 50, Inputs = 40;
        PackedModel model = ModelPacker.Pack(
            new MultilayerPerceptron(new() { Features = Features, HiddenUnits = [64], Classes = 10 }));
        byte[] bytes = Array.ConvertAll(Numbers.Uniform(1, Inputs * Features, 0, 255), value => (byte)value);
        float[] floats = Numbers.Uniform(2, Inputs * Features);
        int[] ofBytes = new int[Inputs], ofFloats = new int[Inputs];
        for (int i = 0; i < Inputs; i++)
            (ofBytes[i], ofFloats[i]) = (model.Predict(RowOf(bytes, i)), model.Predict(RowOf(floats, i)));
        int wrong = 0;
        long allocated = 0;

        Threads.Run(8, (number, barrier) =>
        {
            void Ask()
            {
                int faults = 0;
                for (int i = 0; i < 2_000; i++)
                {
                    int row = (i + 5 * number) % Inputs;
                    if (model.Predict(RowOf(bytes, row)) != ofBytes[row]) faults++;
                    if (model.Predict(RowOf(floats, row)) != ofFloats[row]) faults++;
                }

                Interlocked.Add(ref wrong, faults);
            }

            barrier.SignalAndWait();
            Ask();
            Interlocked.Add(ref allocated, Allocations.Fewest(Ask));
        });

        Assert.That(ofBytes.Distinct().Count() + ofFloats.Distinct().Count(), Is.GreaterThan(2));
        Assert.That(wrong, Is.Zero);
        Assert.That(allocated, Is.Zero);

        static ReadOnlySpan<T> RowOf<T>(T[] values, int row) => values.AsSpan(row * Features, Features);
    }

    private static TestCaseData Case(string name, PackedLayer layer, string expected) =>
        new TestCaseData(layer, expected).SetArgDisplayNames(name);
}

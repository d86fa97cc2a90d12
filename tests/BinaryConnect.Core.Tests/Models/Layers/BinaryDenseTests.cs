using BinaryConnect.Binarization;
using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models.Layers;

internal sealed class BinaryDenseTests
{
    private const double Tolerance = 1e-5;

    private static IEnumerable<TestCaseData> Binarizers =>
    [
        Named(new DeterministicBinarizer(), "signs", true),
        Named(new StochasticBinarizer(7), "random signs", true),
        Named(OwnBinarizer.Signs, "own signs", true),
        Named(new IdentityBinarizer(), "full precision", false),
        Named(OwnBinarizer.Ternary, "own ternary", false),
        Named(new OwnBinarizer((weight, bound) => 3 * weight * weight * weight - bound), "own cubic", false),
    ];

    // Shapes on either side of a word of 32 inputs, a tile of 64 outputs and four rows.
    [TestCaseSource(nameof(Binarizers))]
    public void Outputs_and_gradients_are_those_of_the_formula(IBinarizer binarizer, bool isBinary)
    {
        foreach ((int rows, int inputs, int outputs) in new[]
        {
            (1, 1, 1), (1, 5, 3), (4, 31, 2), (5, 33, 65), (3, 64, 32), (9, 7, 130), (6, 100, 64),
        })
        {
            foreach (bool hasBias in new[] { false, true })
            {
                BinaryDense layer = Layer(inputs, outputs, hasBias, bound: 0.75f, binarizer);
                float[] x = Numbers.Uniform(2, rows * inputs), g = Numbers.Uniform(3, rows * outputs);
                double[] weights = Numbers.Doubles(layer.Weights.Effective), wideX = Numbers.Doubles(x);
                double[] wideG = Numbers.Doubles(g);
                double[]? bias = layer.Bias is null ? null : Numbers.Doubles(layer.Bias.Latent);
                Func<double> loss = () => ReferenceLayers.Dot(wideG, ReferenceLayers.Dense(wideX, weights, bias, rows));

                float[] y = LayerRun.Forward(layer, x);
                float[] inputGradient = LayerRun.Backward(layer, x, y, g);

                string shape = $"{rows} x {inputs} x {outputs}, {(hasBias ? "with" : "without")} bias";
                Assert.That(layer.IsBinary, Is.EqualTo(isBinary), shape);
                Assert.That(
                    Numbers.RelativeError(y, ReferenceLayers.Dense(wideX, weights, bias, rows)), Is.LessThan(Tolerance), shape);
                AssertClose(layer.Weights.Gradient, Numbers.CentralDifferences(weights, loss), $"weights, {shape}");
                AssertClose(inputGradient, Numbers.CentralDifferences(wideX, loss), $"inputs, {shape}");
                if (bias is not null) AssertClose(layer.Bias!.Gradient, Numbers.CentralDifferences(bias, loss), $"bias, {shape}");
            }
        }
    }

    [Test]
    public void Packed_signs_and_the_same_weights_as_floats_agree()
    {
        const int Rows = 13, Inputs = 150, Outputs = 70;
        BinaryDense layer = Layer(Inputs, Outputs, hasBias: true, bound: 0.25f, new DeterministicBinarizer());
        float[] x = Numbers.Uniform(2, Rows * Inputs), g = Numbers.Uniform(3, Rows * Outputs);
        float[] weights = layer.Weights.Effective.ToArray();
        float[] packed = LayerRun.Forward(layer, x), packedGradient = LayerRun.Backward(layer, x, packed, g);

        // One weight differs by a rounding, so that none is packed.
        weights[^1] = MathF.BitIncrement(weights[^1]);
        weights.CopyTo(layer.Weights.Latent);
        LayerRun.Binarize(layer, new IdentityBinarizer());

        float[] floats = LayerRun.Forward(layer, x);
        Assert.That(layer.IsBinary, Is.False);
        Assert.That(Numbers.RelativeError(packed, Numbers.Doubles(floats)), Is.LessThan(1e-6));
        Assert.That(
            Numbers.RelativeError(packedGradient, Numbers.Doubles(LayerRun.Backward(layer, x, floats, g))), Is.LessThan(1e-6));
    }

    [Test]
    public void Own_signs_give_the_bits_that_the_librarys_give()
    {
        float[] x = Numbers.Uniform(2, 5 * 40);
        BinaryDense own = Layer(40, 20, hasBias: false, bound: 1, OwnBinarizer.Signs);
        BinaryDense librarys = Layer(40, 20, hasBias: false, bound: 1, new DeterministicBinarizer());

        Assert.That(Numbers.Bits(LayerRun.Forward(own, x)), Is.EqualTo(Numbers.Bits(LayerRun.Forward(librarys, x))));
    }

    [TestCase(0f, ExpectedResult = false)]
    [TestCase(0.5f, ExpectedResult = true)]
    [TestCase(-0.5f, ExpectedResult = true)]
    [TestCase(0.50000006f, ExpectedResult = false)]
    [TestCase(-0.49999997f, ExpectedResult = false)]
    [TestCase(1f, ExpectedResult = false)]
    [TestCase(float.NaN, ExpectedResult = false)]
    [TestCase(float.NegativeInfinity, ExpectedResult = false)]
    public bool Signs_are_packed_where_every_weight_is_plus_or_minus_the_bound(float one)
    {
        int calls = 0;
        BinaryDense layer = Layer(
            37, 11, hasBias: false, bound: 0.5f,
            new OwnBinarizer((weight, bound) => calls++ == 200 ? one : MathF.CopySign(bound, weight)));
        return layer.IsBinary;
    }

    [Test]
    public void A_gradient_of_the_inputs_that_nobody_wants_is_not_computed()
    {
        BinaryDense layer = Layer(6, 4, hasBias: true, bound: 1, new DeterministicBinarizer());
        float[] x = Numbers.Uniform(2, 12), g = Numbers.Uniform(3, 8), y = LayerRun.Forward(layer, x);
        LayerRun.Backward(layer, x, y, g);
        float[] expected = layer.Weights.Gradient.ToArray();
        layer.Weights.Gradient.Clear();

        Assert.That(() => LayerRun.Backward(layer, x, y, g, []), Throws.Nothing);
        Assert.That(layer.Weights.Gradient.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Its_parameters_are_named_after_it()
    {
        BinaryDense with = LayerRun.Built(new BinaryDense(3) { Name = "layer2", HasBias = true, Bound = 0.5f }, 4);
        BinaryDense without = LayerRun.Built(new BinaryDense(3) { Name = "layer2" }, 4);

        Assert.That(LayerRun.Of(with).Parameters, Is.EqualTo(new[] { with.Weights, with.Bias }));
        Assert.That(LayerRun.Of(without).Parameters, Is.EqualTo(new[] { without.Weights }));
        Assert.That(
            (with.Weights.Name, with.Weights.FanIn, with.Weights.FanOut, with.Weights.Bound),
            Is.EqualTo(("layer2.weights", 4, 3, 0.5f)));
        Assert.That((with.Weights.IsWeight, with.Weights.IsBinarized), Is.EqualTo((true, true)));
        Assert.That(
            (with.Bias!.Name, with.Bias.Length, with.Bias.IsWeight, with.Bias.IsBinarized),
            Is.EqualTo(("layer2.bias", 3, false, false)));
    }

    private static BinaryDense Layer(int inputs, int outputs, bool hasBias, float bound, IBinarizer binarizer)
    {
        BinaryDense layer = LayerRun.Built(new BinaryDense(outputs) { HasBias = hasBias, Bound = bound }, inputs);
        Numbers.Uniform(1, inputs * outputs, -bound, bound).CopyTo(layer.Weights.Latent);
        layer.Weights.Latent[0] = bound / 8;
        if (layer.Bias is not null) Numbers.Uniform(4, outputs).CopyTo(layer.Bias.Latent);
        LayerRun.Binarize(layer, binarizer);
        return layer;
    }

    private static void AssertClose(ReadOnlySpan<float> actual, double[] expected, string what) =>
        Assert.That(Numbers.RelativeError(actual, expected), Is.LessThan(Tolerance), what);

    private static TestCaseData Named(IBinarizer binarizer, string name, bool isBinary) =>
        new TestCaseData(binarizer, isBinary).SetArgDisplayNames(name, isBinary ? "packed" : "floats");
}

using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models.Layers;

/// <summary>The gradients of batch normalization in float32 against central differences in float64.</summary>
internal sealed class BatchNormGradientTests
{
    [TestCase(2, 1, 0f)]
    [TestCase(3, 5, 0f)]
    [TestCase(8, 33, 0f)]
    [TestCase(20, 260, 0f)]
    [TestCase(16, 6, 100f)]
    [TestCase(16, 6, -1_000f)]
    public void Gradients_agree_with_central_differences(int rows, int units, float offset)
    {
        const float Epsilon = 1e-2f;
        var norm = LayerRun.Built(new BatchNorm(Epsilon, 0.15f), units);
        Numbers.Uniform(2, units, 0.5f, 2).CopyTo(norm.Gamma.Latent);
        Numbers.Uniform(3, units).CopyTo(norm.Beta.Latent);
        float[] z = Numbers.Uniform(1, rows * units, offset - 1, offset + 2), g = Numbers.Uniform(4, rows * units);

        float[] y = LayerRun.Forward(norm, z), inputGradient = LayerRun.Backward(norm, z, y, g);

        double[] wideZ = Numbers.Doubles(z), wideG = Numbers.Doubles(g), gamma = Numbers.Doubles(norm.Gamma.Latent);
        double[] beta = Numbers.Doubles(norm.Beta.Latent);
        Func<double> loss = () =>
        {
            (double[] mean, double[] variance) = ReferenceLayers.Moments(wideZ, rows);
            return ReferenceLayers.Dot(wideG, ReferenceLayers.Normalize(wideZ, mean, variance, gamma, beta, Epsilon));
        };
        Assert.That(Numbers.RelativeError(norm.Gamma.Gradient, Numbers.CentralDifferences(gamma, loss)), Is.LessThan(1e-4));
        Assert.That(Numbers.RelativeError(norm.Beta.Gradient, Numbers.CentralDifferences(beta, loss)), Is.LessThan(1e-4));
        Assert.That(Numbers.RelativeError(inputGradient, Numbers.CentralDifferences(wideZ, loss)), Is.LessThan(1e-4));
    }

    // Units are independent: a layer split into blocks gives, unit by unit, the bits of narrow layers.
    [Test]
    public void A_wide_layer_gives_what_narrow_ones_give_on_any_number_of_threads([Values(1, 2, 4)] int threads)
    {
        const int Rows = 60, Units = 1_300, Narrow = 130;
        float[] z = Numbers.Uniform(1, Rows * Units), g = Numbers.Uniform(4, Rows * Units);
        BatchNorm wide = LayerRun.Built(new BatchNorm(), Units, threads);

        float[] y = LayerRun.Forward(wide, z), inputGradient = LayerRun.Backward(wide, z, y, g);
        float[] inferred = LayerRun.Infer(wide, z);

        for (int first = 0; first < Units; first += Narrow)
        {
            BatchNorm narrow = Layer(Narrow);
            float[] narrowZ = Columns(z, first), narrowY = LayerRun.Forward(narrow, narrowZ);
            AssertBits(Columns(y, first), narrowY, "outputs");
            AssertBits(
                Columns(inputGradient, first), LayerRun.Backward(narrow, narrowZ, narrowY, Columns(g, first)),
                "gradient of the inputs");
            AssertBits(wide.Gamma.Gradient.Slice(first, Narrow), narrow.Gamma.Gradient, "gradient of gamma");
            AssertBits(wide.Beta.Gradient.Slice(first, Narrow), narrow.Beta.Gradient, "gradient of beta");
            AssertBits(wide.RunningMean.Values.Slice(first, Narrow), narrow.RunningMean.Values, "mean");
            AssertBits(wide.RunningVariance.Values.Slice(first, Narrow), narrow.RunningVariance.Values, "variance");
            AssertBits(Columns(inferred, first), LayerRun.Infer(narrow, narrowZ), "outputs at test time");
        }

        static BatchNorm Layer(int units) => LayerRun.Built(new BatchNorm(), units);

        static float[] Columns(float[] values, int first) =>
            [.. Enumerable.Range(0, Rows).SelectMany(row => values.AsSpan(row * Units + first, Narrow).ToArray())];

        static void AssertBits(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, string what) =>
            Assert.That(Numbers.Bits(actual), Is.EqualTo(Numbers.Bits(expected)), what);
    }

    [Test]
    public void The_gradient_of_the_inputs_may_take_the_place_of_that_of_the_outputs()
    {
        const int Rows = 6, Units = 21;
        BatchNorm norm = LayerRun.Built(new BatchNorm(1e-4f, 0.15f), Units);
        float[] z = Numbers.Uniform(1, Rows * Units), g = Numbers.Uniform(4, Rows * Units), y = LayerRun.Forward(norm, z);
        float[] apart = LayerRun.Backward(norm, z, y, g);

        Assert.That(norm.InPlace, Is.EqualTo(InPlace.Backward));
        LayerRun.Backward(norm, z, y, g, g);

        Assert.That(Numbers.Bits(g), Is.EqualTo(Numbers.Bits(apart)));
    }

    // Nothing that one row does to its inputs moves its outputs: the gradient is 0, but for one rounding.
    [Test]
    public void One_row_passes_no_gradient_on()
    {
        const int Units = 20;
        const float Epsilon = 1e-4f;
        var norm = LayerRun.Built(new BatchNorm(Epsilon, 1), Units);
        float[] z = Numbers.Uniform(1, Units), g = Numbers.Uniform(4, Units), y = LayerRun.Forward(norm, z);

        float[] inputGradient = LayerRun.Backward(norm, z, y, g);

        Assert.That(inputGradient, Is.All.EqualTo(0).Within(1 / MathF.Sqrt(Epsilon) / (1 << 24)));
        Assert.That(norm.Gamma.Gradient.ToArray(), Is.All.Zero);
        Assert.That(norm.Beta.Gradient.ToArray(), Is.EqualTo(g));
    }

    [Test]
    public void A_column_of_equal_values_takes_its_share_of_the_gradient()
    {
        const int Rows = 4;
        const float Epsilon = 0.25f;
        var norm = LayerRun.Built(new BatchNorm(Epsilon, 1), 1);
        float[] z = [1_000.1f, 1_000.1f, 1_000.1f, 1_000.1f], y = LayerRun.Forward(norm, z);

        float[] inputGradient = LayerRun.Backward(norm, z, y, [1, 2, 3, 6]);

        Assert.That(
            inputGradient, Is.EqualTo(new float[] { -4, -2, 0, 6 }).Within(1e-5), $"2 · (g − mean) for each of {Rows} rows");
        Assert.That(norm.Gamma.Gradient[0], Is.Zero);
    }
}

using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class StochasticSignsTests
{
    private const ulong Stream = RandomStream.Binarization | 3, Seed = 0xFEDCBA98_76543210;

    private static readonly float[] Edges =
        [0, -0f, float.Epsilon, -float.Epsilon, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, 1, -1];

    [Test]
    public void Each_weight_is_compared_with_its_own_number_at_every_length(
        [Values] Form form, [Values(1f, 0.75f, 3f, 1e-40f, float.MaxValue)] float bound)
    {
        for (int length = 0; length <= 256; length++)
        {
            float[] uniform = new float[length];
            Philox4x32.UniformScalar(0, Stream, Seed, uniform);
            var weights = new FencedBuffer(KernelInputs.Uniform(length, seed: length, bound));
            for (int i = length % 3; i < length; i += 5) weights.Span[i] = Edges[i % Edges.Length];
            float[] expected = [.. weights.Span.ToArray().Select((weight, i) => uniform[i] < (weight / bound + 1) / 2 ? bound : -bound)];
            var destination = new FencedBuffer(length);

            Binarize(form, weights, bound, destination);

            Assert.That(destination.Span.SequenceEqual(expected), Is.True, $"length {length}");
            destination.AssertFencesStand($"length {length}");

            Binarize(form, weights, bound, weights);

            Assert.That(weights.Span.SequenceEqual(expected), Is.True, $"length {length}, in place");
        }
    }

    // Weights whose probability is the number drawn, and its two neighbours, decide as the definition does.
    [Test]
    public void A_number_on_the_edge_decides_like_the_definition([Values] Form form, [Values(1f, 0.75f, 3f)] float bound)
    {
        const int Length = 3_001;
        float[] uniform = new float[Length], weights = new float[Length], expected = new float[Length], actual = new float[Length];
        Philox4x32.UniformScalar(0, Stream, Seed, uniform);
        for (int i = 0; i < Length; i++)
        {
            float edge = (2 * uniform[i] - 1) * bound;
            weights[i] = (i % 3) switch { 0 => edge, 1 => MathF.BitIncrement(edge), _ => MathF.BitDecrement(edge) };
            expected[i] = uniform[i] < (weights[i] / bound + 1) / 2 ? bound : -bound;
        }

        Binarize(form, weights, bound, actual);

        Assert.That(actual.AsSpan().SequenceEqual(expected), Is.True);
    }

    private static void Binarize(Form form, ReadOnlySpan<float> weights, float bound, Span<float> destination)
    {
        switch (form)
        {
            case Form.Scalar: StochasticSigns.BinarizeScalar(weights, bound, Stream, Seed, destination); break;
            case Form.Lanes128: StochasticSigns.Binarize<Vector128<float>, Lanes128, Words128>(weights, bound, Stream, Seed, destination); break;
            case Form.Lanes256: StochasticSigns.Binarize<Vector256<float>, Lanes256, Words256>(weights, bound, Stream, Seed, destination); break;
            case Form.Lanes512: StochasticSigns.Binarize<Vector512<float>, Lanes512, Words512>(weights, bound, Stream, Seed, destination); break;
            default: StochasticSigns.Binarize(weights, bound, Stream, Seed, destination); break;
        }
    }
}

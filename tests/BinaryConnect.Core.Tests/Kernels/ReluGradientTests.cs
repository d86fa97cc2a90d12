using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class ReluGradientTests
{
    private static readonly float[] Edges =
    [
        0, -0f, float.Epsilon, -float.Epsilon, float.NaN, float.PositiveInfinity, float.NegativeInfinity,
        float.MaxValue, float.MinValue,
    ];

    [Test]
    public void A_gradient_passes_where_its_output_is_above_0_at_every_length([Values] Form form)
    {
        for (int length = 0; length <= 256; length++)
        {
            var outputs = new FencedBuffer(KernelInputs.Uniform(length, seed: length));
            var gradient = new FencedBuffer(KernelInputs.Uniform(length, seed: 1_000 + length));
            for (int i = length % 3; i < length; i += 4) outputs.Span[i] = Edges[i % Edges.Length];
            for (int i = length % 5; i < length; i += 7) gradient.Span[i] = Edges[i % Edges.Length];
            float[] expected = new float[length];
            for (int i = 0; i < length; i++) expected[i] = outputs.Span[i] > 0 ? gradient.Span[i] : 0;
            var destination = new FencedBuffer(length);

            ReluGradientForms.Gate(form, gradient, outputs, destination);

            Assert.That(Numbers.Bits(destination), Is.EqualTo(Numbers.Bits(expected)), $"length {length}");
            destination.AssertFencesStand($"length {length}");

            ReluGradientForms.Gate(form, gradient, outputs, gradient);

            Assert.That(Numbers.Bits(gradient), Is.EqualTo(Numbers.Bits(expected)), $"length {length}, in place");
            gradient.AssertFencesStand($"length {length}, in place");
        }
    }
}

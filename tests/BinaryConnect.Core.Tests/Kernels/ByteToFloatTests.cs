using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class ByteToFloatTests
{
    // Scale and shift are powers of two: product and sum are exact, fused or not.
    [Test]
    public void Widen_scales_and_shifts_every_byte_at_every_length([Values] Form form)
    {
        for (int length = 0; length <= 256; length++)
        {
            byte[] source = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 37 + length))];
            var destination = new FencedBuffer(length);

            ByteToFloatForms.Widen(form, source, 1f / 256, -0.5f, destination);

            Assert.That(destination.Span.ToArray(), Is.EqualTo(source.Select(value => value / 256f - 0.5f)), $"length {length}");
            destination.AssertFencesStand($"length {length}");
        }
    }

    [Test]
    public void Widen_takes_every_byte_as_unsigned([Values] Form form)
    {
        byte[] source = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        float[] destination = new float[256];

        ByteToFloatForms.Widen(form, source, 1, 0, destination);

        Assert.That(destination, Is.EqualTo(Enumerable.Range(0, 256).Select(i => (float)i)));
    }

    // A fused form rounds once. Others round after the product, at most 2, and after the sum, at most 1 in magnitude.
    [Test]
    public void Widen_brings_pixels_to_minus_1_to_1_within_two_roundings([Values] Form form)
    {
        byte[] source = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        float[] destination = new float[256];
        const float Scale = 2f / 255;

        ByteToFloatForms.Widen(form, source, Scale, -1, destination);

        for (int i = 0; i < 256; i++) Assert.That(destination[i], Is.EqualTo(i * (double)Scale - 1).Within(2e-7), $"byte {i}");
    }
}

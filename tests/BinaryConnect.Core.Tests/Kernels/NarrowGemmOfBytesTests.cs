using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

/// <summary>Products of bytes, widened in registers, are those of the same numbers as floats.</summary>
internal sealed class NarrowGemmOfBytesTests
{
    [Test]
    public void Both_products_are_those_of_floats_for_every_shape(
        [ValueSource(typeof(NarrowGemmForms), nameof(NarrowGemmForms.OfBytes))] Form form)
    {
        var random = new Random(1);
        foreach (int inner in Enumerable.Range(1, 40).Concat([63, 64, 65, 784]))
        {
            for (int rows = 1; rows <= 4; rows++)
            {
                for (int outputs = 1; outputs <= 12; outputs++)
                {
                    byte[] bytes = new byte[rows * inner];
                    random.NextBytes(bytes);
                    float[] floats = Array.ConvertAll(bytes, value => (float)value);
                    // Whole numbers: every sum is exact, whatever its order.
                    float[] w = KernelInputs.Whole(outputs * inner, seed: inner, bound: 3);
                    float[] g = KernelInputs.Whole(rows * outputs, seed: inner, bound: 3);
                    FencedBuffer z = new(rows * outputs), d = new(outputs * inner);
                    float[] expectedZ = new float[rows * outputs], expectedD = new float[outputs * inner];
                    string shape = $"{rows} rows, {outputs} outputs, {inner} inner";

                    var x = new ByteRows(bytes, inner);
                    NarrowGemmForms.MultiplyTransposed(form, x, w, z);
                    NarrowGemmForms.TransposeMultiply(form, g, x, d);

                    NarrowGemm.MultiplyTransposedScalar(floats, w, expectedZ, inner);
                    NarrowGemm.TransposeMultiplyScalar(g, floats, expectedD, inner);
                    if (!z.Span.SequenceEqual(expectedZ)) Assert.Fail($"x·wᵀ, {shape}");
                    if (!d.Span.SequenceEqual(expectedD)) Assert.Fail($"gᵀ·x, {shape}");
                    z.AssertFencesStand(shape);
                    d.AssertFencesStand(shape);
                }
            }
        }
    }

    [Test]
    public void Rows_that_lie_apart_are_multiplied_as_rows_side_by_side(
        [ValueSource(typeof(NarrowGemmForms), nameof(NarrowGemmForms.OfBytes))] Form form)
    {
        const int Rows = 5, Width = 70, Stride = 83, Outputs = 11;
        byte[] bytes = new byte[Rows * Stride];
        new Random(1).NextBytes(bytes);
        byte[] gathered = [.. bytes.Chunk(Stride).SelectMany(row => row[..Width])];
        float[] w = KernelInputs.Whole(Outputs * Width, seed: 1, bound: 3);
        float[] g = KernelInputs.Whole(Rows * Outputs, seed: 2, bound: 3);
        float[] z = new float[Rows * Outputs], d = new float[Outputs * Width], expectedZ = new float[z.Length];
        float[] expectedD = new float[d.Length];

        ByteRows apart = new(bytes, Rows, Width, Stride), copied = new(gathered, Width);
        NarrowGemmForms.MultiplyTransposed(form, apart, w, z);
        NarrowGemmForms.TransposeMultiply(form, g, apart, d);
        NarrowGemmForms.MultiplyTransposed(form, copied, w, expectedZ);
        NarrowGemmForms.TransposeMultiply(form, g, copied, expectedD);

        Assert.That(z, Is.EqualTo(expectedZ));
        Assert.That(d, Is.EqualTo(expectedD));
    }

    [Test]
    public void A_scale_and_rows_copied_meanwhile_change_nothing_else(
        [Values(1, 5, 10, 12)] int outputs, [Values(3, 64, 100, 150)] int width)
    {
        byte[] bytes = new byte[9 * width];
        new Random(1).NextBytes(bytes);
        float[] g = KernelInputs.Whole(4 * outputs, seed: 2, bound: 3), d = new float[outputs * width];
        float[] expected = new float[d.Length];
        ByteRows x = new(bytes.AsSpan(0, 4 * width), width);

        NarrowGemm.TransposeMultiply(g, x, d, 0.25f, RowsAhead.Of(bytes, width, (int[])[8, 1, 5]));
        NarrowGemm.TransposeMultiply(g, x, expected);

        Assert.That(d, Is.EqualTo(expected.Select(value => value / 4)));
    }
}

using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class NarrowGemmTests
{
    private const int MostRows = 5;
    private const int MostOutputs = 12;
    private const int Pixels = 784;

    // Small whole numbers: every sum is exact whatever its order, so all forms must agree to the bit.
    [Test]
    public void MultiplyTransposed_sums_along_the_inner_index_for_every_shape([Values] Form form)
    {
        ForEveryShape((rows, outputs, inner, shape) =>
        {
            var x = new FencedBuffer(KernelInputs.Whole(rows * inner, seed: inner));
            var w = new FencedBuffer(KernelInputs.Whole(outputs * inner, seed: outputs));
            var z = new FencedBuffer(rows * outputs);

            NarrowGemmForms.MultiplyTransposed(form, x, w, z, inner);

            Assert.That(z.Span.SequenceEqual(ExactMultiplyTransposed(x, w, inner)), Is.True, shape);
            z.AssertFencesStand(shape);
        });
    }

    [Test]
    public void TransposeMultiply_sums_down_the_rows_for_every_shape([Values] Form form)
    {
        ForEveryShape((rows, outputs, inner, shape) =>
        {
            var g = new FencedBuffer(KernelInputs.Whole(rows * outputs, seed: outputs));
            var x = new FencedBuffer(KernelInputs.Whole(rows * inner, seed: inner));
            var d = new FencedBuffer(outputs * inner);

            NarrowGemmForms.TransposeMultiply(form, g, x, d, inner);

            Assert.That(d.Span.SequenceEqual(ExactTransposeMultiply(g, x, outputs, inner)), Is.True, shape);
            d.AssertFencesStand(shape);
        });
    }

    // The order of a sum of n products moves it by at most n · 2⁻²⁴ times the sum of their magnitudes.
    [Test]
    public void MultiplyTransposed_of_fractions_is_within_what_the_order_of_a_sum_may_change([Values] Form form)
    {
        const int Rows = 7, Outputs = 10;
        float[] x = KernelInputs.Uniform(Rows * Pixels, seed: 1), w = KernelInputs.Uniform(Outputs * Pixels, seed: 2);
        float[] z = new float[Rows * Outputs];

        NarrowGemmForms.MultiplyTransposed(form, x, w, z, Pixels);

        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Outputs; j++)
            {
                double[] products = [.. Enumerable.Range(0, Pixels).Select(k => (double)x[i * Pixels + k] * w[j * Pixels + k])];
                Assert.That(
                    z[i * Outputs + j], Is.EqualTo(products.Sum()).Within(Pixels * Math.ScaleB(products.Sum(Math.Abs), -24)),
                    $"[{i}, {j}]");
            }
        }
    }

    [Test]
    public void TransposeMultiply_of_fractions_is_within_what_the_order_of_a_sum_may_change([Values] Form form)
    {
        const int Rows = 128, Outputs = 10;
        float[] g = KernelInputs.Uniform(Rows * Outputs, seed: 1), x = KernelInputs.Uniform(Rows * Pixels, seed: 2);
        float[] d = new float[Outputs * Pixels];

        NarrowGemmForms.TransposeMultiply(form, g, x, d, Pixels);

        for (int j = 0; j < Outputs; j++)
        {
            for (int k = 0; k < Pixels; k++)
            {
                double sum = 0, magnitude = 0;
                for (int i = 0; i < Rows; i++)
                {
                    double product = (double)g[i * Outputs + j] * x[i * Pixels + k];
                    sum += product;
                    magnitude += Math.Abs(product);
                }

                double error = Math.Abs(d[j * Pixels + k] - sum);
                if (error > Rows * Math.ScaleB(magnitude, -24)) Assert.Fail($"[{j}, {k}]: {d[j * Pixels + k]} for {sum}");
            }
        }
    }

    [Test]
    public void Without_rows_the_first_product_is_empty_and_the_second_is_zero([Values] Form form)
    {
        var z = new FencedBuffer(0);
        var d = new FencedBuffer(6 * 70);

        NarrowGemmForms.MultiplyTransposed(form, [], new float[6 * 70], z, 70);
        NarrowGemmForms.TransposeMultiply(form, [], [], d, 70);

        z.AssertFencesStand("no rows");
        Assert.That(d.Span.ToArray(), Is.All.Zero);
    }

    private static void ForEveryShape(Action<int, int, int, string> check)
    {
        foreach (int inner in Enumerable.Range(1, 70).Append(Pixels))
        {
            for (int rows = 1; rows <= MostRows; rows++)
            {
                for (int outputs = 1; outputs <= MostOutputs; outputs++)
                    check(rows, outputs, inner, $"{rows} rows, {outputs} outputs, {inner} inner");
            }
        }
    }

    private static float[] ExactMultiplyTransposed(ReadOnlySpan<float> x, ReadOnlySpan<float> w, int inner)
    {
        int rows = x.Length / inner, outputs = w.Length / inner;
        float[] z = new float[rows * outputs];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < outputs; j++)
            {
                for (int k = 0; k < inner; k++) z[i * outputs + j] += x[i * inner + k] * w[j * inner + k];
            }
        }

        return z;
    }

    private static float[] ExactTransposeMultiply(ReadOnlySpan<float> g, ReadOnlySpan<float> x, int outputs, int inner)
    {
        float[] d = new float[outputs * inner];
        for (int i = 0; i < x.Length / inner; i++)
        {
            for (int j = 0; j < outputs; j++)
            {
                for (int k = 0; k < inner; k++) d[j * inner + k] += g[i * outputs + j] * x[i * inner + k];
            }
        }

        return d;
    }
}

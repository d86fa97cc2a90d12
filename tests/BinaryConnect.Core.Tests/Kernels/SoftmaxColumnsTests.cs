using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class SoftmaxColumnsTests
{
    private const float Factor = 0.5f;

    [Test]
    public void Every_row_has_its_maximum_its_sum_and_its_softmax_times_the_factor(
        [Values] Form form, [Values(1, 2, 3, 10)] int classes)
    {
        for (int rows = 1; rows <= 70; rows++)
        {
            float[] z = KernelInputs.Uniform(classes * rows, seed: rows, bound: 100);
            FencedBuffer columns = new(z), maxima = new(rows), sums = new(rows);
            string shape = $"{classes} classes, {rows} rows";

            SoftmaxColumnsForms.Run(form, columns.Span, Factor, maxima.Span, sums.Span);

            for (int i = 0; i < rows; i++)
            {
                float[] row = [.. Enumerable.Range(0, classes).Select(k => z[k * rows + i])];
                double[] exponentials = [.. row.Select(value => value - row.Max() < -64 ? 0 : Math.Exp(value - row.Max()))];
                double sum = exponentials.Sum();
                Assert.That(maxima.Span[i], Is.EqualTo(row.Max()), shape);
                Assert.That(sums.Span[i], Is.EqualTo(sum).Within(1e-6 * sum), shape);
                for (int k = 0; k < classes; k++)
                {
                    double expected = exponentials[k] * Factor / sum;
                    Assert.That(columns.Span[k * rows + i], Is.EqualTo(expected).Within(1e-6 * exponentials[k]), shape);
                }
            }

            foreach (FencedBuffer buffer in new[] { columns, maxima, sums }) buffer.AssertFencesStand(shape);
        }
    }

    [Test]
    public void NaN_and_infinity_reach_their_row_alone(
        [Values] Form form, [Values(float.NaN, float.PositiveInfinity)] float value, [Values(0, 1, 2)] int at)
    {
        float[] columns = KernelInputs.Uniform(3 * 40, seed: 1), sums = new float[40];
        columns[40 * at + 7] = value;

        SoftmaxColumnsForms.Run(form, columns, Factor, new float[40], sums);

        Assert.That(Enumerable.Range(0, 40).Where(i => float.IsNaN(sums[i])), Is.EqualTo(new[] { 7 }));
        Assert.That(Enumerable.Range(0, 120).Where(i => float.IsNaN(columns[i])), Is.EqualTo(new[] { 7, 47, 87 }));
    }
}

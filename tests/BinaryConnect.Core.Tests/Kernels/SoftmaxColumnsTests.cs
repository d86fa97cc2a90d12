using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class SoftmaxColumnsTests
{
    [Test]
    public void Maxima_and_sums_run_down_the_classes_of_each_row([Values] Form form, [Values(1, 2, 3, 10)] int classes)
    {
        for (int rows = 1; rows <= 70; rows++)
        {
            float[] z = KernelInputs.Whole(classes * rows, seed: rows);
            FencedBuffer shifted = new(z), maxima = new(rows), shares = new(z), sums = new(rows);
            string shape = $"{classes} classes, {rows} rows";

            SoftmaxColumnsForms.SubtractMaxima(form, shifted, maxima);
            SoftmaxColumnsForms.Normalize(form, shares, 0.5f, sums);

            for (int i = 0; i < rows; i++)
            {
                float[] column = [.. Enumerable.Range(0, classes).Select(k => z[k * rows + i])];
                Assert.That((maxima.Span[i], sums.Span[i]), Is.EqualTo((column.Max(), column.Sum())), shape);
                for (int k = 0; k < classes; k++)
                {
                    Assert.That(shifted.Span[k * rows + i], Is.EqualTo(column[k] - column.Max()), shape);
                    Assert.That(shares.Span[k * rows + i], Is.EqualTo(column[k] * (0.5f / column.Sum())).Within(1e-6f), shape);
                }
            }

            foreach (FencedBuffer buffer in new[] { shifted, maxima, shares, sums }) buffer.AssertFencesStand(shape);
        }
    }

    [Test]
    public void NaN_reaches_its_row_alone([Values] Form form)
    {
        float[] columns = KernelInputs.Uniform(3 * 40, seed: 1), maxima = new float[40];
        columns[40 + 7] = float.NaN;

        SoftmaxColumnsForms.SubtractMaxima(form, columns, maxima);

        Assert.That(Enumerable.Range(0, 40).Where(i => float.IsNaN(maxima[i])), Is.EqualTo(new[] { 7 }));
    }
}

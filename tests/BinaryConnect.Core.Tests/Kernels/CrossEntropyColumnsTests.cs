using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class CrossEntropyColumnsTests
{
    private const float Share = 0.5f;

    [Test]
    public void Every_row_has_its_loss_and_its_gradient_times_the_share([Values] Form form, [Values(1, 2, 3, 10)] int classes)
    {
        for (int rows = 1; rows <= 70; rows++)
        {
            float[] z = KernelInputs.Uniform(classes * rows, seed: rows, bound: 100);
            int[] labels = Numbers.Labels(rows, rows, classes);
            FencedBuffer columns = new(z), maxima = new(rows), ofLabels = new(rows), sums = new(rows);
            string shape = $"{classes} classes, {rows} rows";

            CrossEntropyColumnsForms.Run(form, columns.Span, labels, Share, maxima.Span, ofLabels.Span, sums.Span);

            double losses = 0;
            for (int i = 0; i < rows; i++)
            {
                float[] row = [.. Enumerable.Range(0, classes).Select(k => z[k * rows + i])];
                double[] exponentials = [.. row.Select(value => value - row.Max() < -64 ? 0 : Math.Exp(value - row.Max()))];
                double sum = exponentials.Sum();
                losses += Math.Log(sum) + row.Max() - row[labels[i]];
                Assert.That(maxima.Span[i], Is.EqualTo(row.Max()), shape);
                Assert.That(ofLabels.Span[i], Is.EqualTo(row[labels[i]]), shape);
                Assert.That(sums.Span[i], Is.EqualTo(sum).Within(1e-6 * sum), shape);
                for (int k = 0; k < classes; k++)
                {
                    double target = k == labels[i] ? Share : 0;
                    Assert.That(columns.Span[k * rows + i], Is.EqualTo(exponentials[k] * Share / sum - target).Within(1e-6 * Math.Max(exponentials[k], target)), shape);
                }
            }

            Assert.That(CrossEntropyColumns.SumOfLosses(maxima.Span, ofLabels.Span, sums.Span), Is.EqualTo(losses).Within(1e-6 * rows), shape);
            foreach (FencedBuffer buffer in new[] { columns, maxima, ofLabels, sums }) buffer.AssertFencesStand(shape);
        }
    }

    [Test]
    public void NaN_and_infinity_reach_their_row_alone([Values] Form form, [Values(float.NaN, float.PositiveInfinity)] float value, [Values(0, 1, 2)] int at)
    {
        float[] columns = KernelInputs.Uniform(3 * 40, seed: 1), sums = new float[40];
        columns[40 * at + 7] = value;

        CrossEntropyColumnsForms.Run(form, columns, new int[40], Share, new float[40], new float[40], sums);

        Assert.That(Enumerable.Range(0, 40).Where(i => float.IsNaN(sums[i])), Is.EqualTo(new[] { 7 }));
        Assert.That(Enumerable.Range(0, 120).Where(i => float.IsNaN(columns[i])), Is.EqualTo(new[] { 7, 47, 87 }));
    }

    // 128 rows of 32 equal classes are the largest product of sums that a loss takes a logarithm of.
    [Test]
    public void The_logarithm_of_all_sums_is_finite_for_as_many_rows_as_are_taken_together()
    {
        float[] sums = [.. Enumerable.Repeat(32f, 128)];

        Assert.That(CrossEntropyColumns.SumOfLosses(new float[128], new float[128], sums), Is.EqualTo(128 * Math.Log(32)).Within(1e-9));
    }
}

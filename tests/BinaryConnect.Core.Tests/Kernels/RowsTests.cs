using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

/// <summary>Short rows run in loops of their own, long ones by TensorPrimitives: both against plain arithmetic.</summary>
internal sealed class RowsTests
{
    private const int RowCount = 3;

    [Test]
    public void Every_loop_is_its_formula([Range(1, 70)] int width)
    {
        float[] values = KernelInputs.Whole(RowCount * width, seed: width), offsets = KernelInputs.Whole(width, seed: 1);
        FencedBuffer scaled = new(values), integers = new(Array.ConvertAll(values, value => BitConverter.Int32BitsToSingle((int)value)));
        FencedBuffer sums = new(width), differences = new(width), products = new(values.AsSpan(0, width));

        Rows.ScaleAndAdd(scaled, 2, offsets);
        Rows.ScaleAndAddIntegers(integers, 2, offsets);
        Rows.Sum(values, sums);
        Rows.Subtract(values.AsSpan(0, width), 3, differences);
        Rows.Multiply(products, -2);

        for (int i = 0; i < values.Length; i++)
        {
            float expected = values[i] * 2 + offsets[i % width];
            Assert.That(scaled.Span[i], Is.EqualTo(expected));
            Assert.That(integers.Span[i], Is.EqualTo(expected));
        }

        for (int j = 0; j < width; j++)
        {
            Assert.That(sums.Span[j], Is.EqualTo(values[j] + values[width + j] + values[2 * width + j]));
            Assert.That(differences.Span[j], Is.EqualTo(values[j] - 3));
            Assert.That(products.Span[j], Is.EqualTo(values[j] * -2));
        }

        Assert.That(Rows.Max(values.AsSpan(0, width)), Is.EqualTo(values.Take(width).Max()));
        Assert.That(Rows.Sum(values.AsSpan(0, width)), Is.EqualTo(values.Take(width).Sum()));
        foreach (FencedBuffer buffer in new[] { scaled, integers, sums, differences, products }) buffer.AssertFencesStand($"width {width}");
    }

    [Test]
    public void The_largest_of_a_row_with_NaN_is_NaN_wherever_it_stands([Values(1, 2, 10, 40)] int width)
    {
        for (int at = 0; at < width; at++)
        {
            float[] row = KernelInputs.Uniform(width, seed: 1);
            row[at] = float.NaN;
            Assert.That(Rows.Max(row), Is.NaN, $"at {at}");
        }
    }
}

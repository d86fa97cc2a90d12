using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

/// <summary>Loops for short rows, and TensorPrimitives for long ones: both against plain arithmetic.</summary>
internal sealed class ShortRowsTests
{
    private const int RowCount = 3;

    [Test]
    public void Every_loop_is_its_formula([Range(1, 70)] int width)
    {
        float[] values = KernelInputs.Whole(RowCount * width, seed: width), offsets = KernelInputs.Whole(width, seed: 1);
        FencedBuffer scaled = new(values);
        FencedBuffer integers = new(Array.ConvertAll(values, value => BitConverter.Int32BitsToSingle((int)value)));
        var sums = new FencedBuffer(width);

        ShortRows.ScaleAndAdd(scaled, 2, offsets);
        ShortRows.IntegersToFloats(integers);
        ShortRows.Sum(values, sums);

        for (int i = 0; i < values.Length; i++)
        {
            Assert.That(scaled.Span[i], Is.EqualTo(values[i] * 2 + offsets[i % width]));
            Assert.That(integers.Span[i], Is.EqualTo(values[i]));
        }

        for (int j = 0; j < width; j++)
        {
            Assert.That(sums.Span[j], Is.EqualTo(values[j] + values[width + j] + values[2 * width + j]));
        }

        foreach (FencedBuffer buffer in new[] { scaled, integers, sums }) buffer.AssertFencesStand($"width {width}");
    }

    [Test]
    public void Sums_and_offsets_of_many_rows_of_few_columns(
        [Values(1, 2, 7, 10, 100, 127, 128, 129, 256, 300)] int width, [Values(1, 25, 26, 300)] int rows)
    {
        float[] values = KernelInputs.Whole(rows * width, seed: width), offsets = KernelInputs.Whole(width, seed: 1);
        FencedBuffer scaled = new(values), sums = new(width);

        ShortRows.ScaleAndAdd(scaled, 2, offsets);
        ShortRows.Sum(values, sums);

        Assert.That(scaled.Span.ToArray(), Is.EqualTo(values.Select((value, i) => value * 2 + offsets[i % width])));
        Assert.That(
            sums.Span.ToArray(),
            Is.EqualTo(Enumerable.Range(0, width).Select(j => Enumerable.Range(0, rows).Sum(i => values[i * width + j]))));
        scaled.AssertFencesStand($"{rows} by {width}");
        sums.AssertFencesStand($"{rows} by {width}");
    }
}

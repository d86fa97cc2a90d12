using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class SplitProductTests
{
    [TestCase(100, 1024, 300)]
    [TestCase(1000, 131, 257)]
    [TestCase(300, 300, 300)]
    public void Any_number_of_threads_gives_the_same_bits(int rows, int columns, int inner)
    {
        foreach (bool transposeA in new[] { false, true })
        {
            foreach (bool transposeB in new[] { false, true })
            {
                var shape = new ProductShape(rows, columns, inner, transposeA, transposeB, Accumulate: transposeA);
                float[] a = KernelInputs.Uniform(rows * inner, seed: 1), b = KernelInputs.Uniform(inner * columns, seed: 2);
                float[] before = KernelInputs.Uniform(rows * columns, seed: 3), one = [.. before];
                new SplitProduct(1).Multiply(shape, a, b, one);
                for (int degree = 2; degree <= 4; degree++)
                {
                    Assert.That(SplitProduct.Parts(shape, degree), Is.EqualTo(degree), "the shape must be large enough to be split");
                    float[] c = [.. before];
                    new SplitProduct(degree).Multiply(shape, a, b, c);
                    Assert.That(c.AsSpan().SequenceEqual(one), Is.True, $"{shape} on {degree} threads");
                }
            }
        }
    }

    [Test]
    public void Parts_cover_every_result_once()
    {
        foreach ((int rows, int columns) in new[] { (1, 1), (1, 64), (13, 1), (100, 1024), (1024, 100), (25, 65), (64, 33) })
        {
            var shape = new ProductShape(rows, columns, 1 << 24);
            for (int degree = 1; degree <= 5; degree++)
            {
                int[] covered = new int[rows * columns];
                int parts = SplitProduct.Parts(shape, degree);
                for (int i = 0; i < parts; i++)
                {
                    ProductPart part = SplitProduct.Part(shape, i, parts);
                    Assert.That(part.Rows, Is.Positive);
                    Assert.That(part.Columns, Is.Positive);
                    for (int row = part.Row; row < part.Row + part.Rows; row++)
                    {
                        for (int column = part.Column; column < part.Column + part.Columns; column++) covered[row * columns + column]++;
                    }
                }

                Assert.That(covered, Is.All.EqualTo(1), $"{rows} x {columns} in {parts} parts");
            }
        }
    }

    [Test]
    public void A_small_product_stays_on_one_thread() =>
        Assert.That(SplitProduct.Parts(new ProductShape(128, 10, 784), degreeOfParallelism: 8), Is.EqualTo(1));

    [TestCase(1)]
    [TestCase(2)]
    public void Nothing_is_allocated(int degree)
    {
        var shape = new ProductShape(100, 512, 300);
        float[] a = new float[shape.Rows * shape.Inner], b = new float[shape.Columns * shape.Inner], c = new float[shape.Rows * shape.Columns];
        var product = new SplitProduct(degree);
        for (int i = 0; i < 50; i++) product.Multiply(shape, a, b, c);

        Assert.That(Allocations.OfSecondCall(() => product.Multiply(shape, a, b, c)), Is.Zero);
    }
}

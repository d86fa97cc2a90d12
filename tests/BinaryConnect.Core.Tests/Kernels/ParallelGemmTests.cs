using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class ParallelGemmTests
{
    [TestCase(100, 1024, 300)]
    [TestCase(1000, 131, 257)]
    [TestCase(300, 300, 300)]
    [TestCase(530, 200, 770)]
    [TestCase(64, 64, 5000)]
    public void Any_number_of_threads_gives_the_same_bits(int rows, int columns, int inner)
    {
        foreach (bool transposeA in new[] { false, true })
        {
            foreach (bool transposeB in new[] { false, true })
            {
                var shape = new GemmShape(rows, columns, inner, transposeA, transposeB, Accumulate: transposeA);
                float[] a = KernelInputs.Uniform(rows * inner, seed: 1), b = KernelInputs.Uniform(inner * columns, seed: 2);
                float[] before = KernelInputs.Uniform(rows * columns, seed: 3), one = [.. before];
                new ParallelGemm(1).Multiply(shape, a, b, one);
                for (int degree = 2; degree <= 4; degree++)
                {
                    Assert.That(
                        GemmPartition.Of(shape, degree).Parts, Is.AtLeast(degree), "the shape must be large enough to be split");
                    float[] c = [.. before];
                    new ParallelGemm(degree).Multiply(shape, a, b, c);
                    Assert.That(c.AsSpan().SequenceEqual(one), Is.True, $"{shape} on {degree} threads");
                }
            }
        }
    }

    [Test]
    public void Parts_cover_every_result_once([Values(200, 1 << 24)] int inner)
    {
        foreach ((int rows, int columns) in new[]
        {
            (1, 1), (1, 64), (13, 1), (100, 1024), (1024, 100), (25, 65), (64, 33), (1024, 1024), (1043, 784),
        })
        {
            var shape = new GemmShape(rows, columns, inner);
            for (int degree = 1; degree <= 5; degree++)
            {
                int[] covered = new int[rows * columns];
                var grid = GemmPartition.Of(shape, degree);
                for (int i = 0; i < grid.Parts; i++)
                {
                    GemmPart part = grid.Part(shape, i);
                    Assert.That(part.Rows, Is.Positive);
                    Assert.That(part.Columns, Is.Positive);
                    for (int row = part.Row; row < part.Row + part.Rows; row++)
                    {
                        for (int column = part.Column; column < part.Column + part.Columns; column++)
                            covered[row * columns + column]++;
                    }
                }

                Assert.That(covered, Is.All.EqualTo(1), $"{shape}, {grid}");
            }
        }
    }

    // A part that spans two blocks of A would make a thread pack both again for each of its parts.
    [TestCase(1024, 1024, 200)]
    [TestCase(1043, 784, 100)]
    [TestCase(5000, 64, 256)]
    public void No_part_has_more_rows_than_a_block(int rows, int columns, int inner)
    {
        var shape = new GemmShape(rows, columns, inner);
        for (int degree = 2; degree <= 5; degree++)
        {
            var grid = GemmPartition.Of(shape, degree);
            for (int i = 0; i < grid.Parts; i++)
                Assert.That(grid.Part(shape, i).Rows, Is.AtMost(GemmWorkspace.MostRows), $"{grid}, part {i}");
        }
    }

    // On a busy machine threads may start late or never. The others must then compute their parts.
    [Test]
    public void A_long_product_on_many_threads_ends_with_the_same_bits()
    {
        const int Threads = 8;
        var shape = new GemmShape(200, 160, 600);
        float[] a = KernelInputs.Uniform(shape.Rows * shape.Inner, seed: 1);
        float[] b = KernelInputs.Uniform(shape.Inner * shape.Columns, seed: 2);
        float[] one = new float[shape.Rows * shape.Columns], several = new float[one.Length];
        new ParallelGemm(1).Multiply(shape, a, b, one);
        var split = new ParallelGemm(Threads);
        for (int i = 0; i < 200; i++)
        {
            several.AsSpan().Clear();
            split.Multiply(shape, a, b, several);
            Assert.That(several.AsSpan().SequenceEqual(one), Is.True, $"iteration {i}");
        }
    }

    // The weight gradient of a layer of ten outputs: two million multiply-adds, and 200,000 values to pack.
    [Test]
    public void A_product_that_mostly_packs_is_split() =>
        Assert.That(
            GemmPartition.Of(new GemmShape(10, 1024, 200, TransposeA: true), degreeOfParallelism: 2).Parts, Is.AtLeast(4));

    [Test]
    public void A_small_product_stays_on_one_thread() =>
        Assert.That(GemmPartition.Of(new GemmShape(128, 10, 784), degreeOfParallelism: 8).Parts, Is.EqualTo(1));

    [TestCase(1)]
    [TestCase(2)]
    public void Nothing_is_allocated(int degree)
    {
        var shape = new GemmShape(100, 512, 300);
        float[] a = new float[shape.Rows * shape.Inner], b = new float[shape.Columns * shape.Inner];
        float[] c = new float[shape.Rows * shape.Columns];
        var product = new ParallelGemm(degree);
        for (int i = 0; i < 50; i++) product.Multiply(shape, a, b, c);

        Assert.That(Allocations.OfSecondCall(() => product.Multiply(shape, a, b, c)), Is.Zero);
    }
}

using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class BlockedProductTests
{
    private static readonly ProductWorkspace Workspace = new();

    // Around the heights and widths of all tiles, and beyond.
    private static readonly int[] SmallRows = [1, 2, 3, 5, 6, 7, 11, 12, 13, 14, 15, 24, 29];
    private static readonly int[] SmallColumns = [1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 64, 65];
    private static readonly int[] SmallInners = [1, 2, 7, 16, 33];

    [Test]
    public void Every_form_gives_the_exact_product_for_small_shapes([Values] Form form, [Values] bool transposeA, [Values] bool transposeB, [Values] bool accumulate)
    {
        foreach (int rows in SmallRows)
        {
            foreach (int columns in SmallColumns)
            {
                foreach (int inner in SmallInners) AssertExact(form, new ProductShape(rows, columns, inner, transposeA, transposeB, accumulate));
            }
        }
    }

    // Just over each limit of the work space, so that every kind of block is cut.
    [Test]
    public void Every_form_gives_the_exact_product_across_blocks([Values] Form form, [Values] bool transposeA, [Values] bool transposeB)
    {
        AssertExact(form, new ProductShape(ProductWorkspace.MostRows + 5, 9, 3, transposeA, transposeB));
        AssertExact(form, new ProductShape(7, ProductWorkspace.MostColumns + 33, 5, transposeA, transposeB));
        AssertExact(form, new ProductShape(13, 35, 2 * ProductWorkspace.MostInner + 1, transposeA, transposeB));
        AssertExact(form, new ProductShape(13, 35, ProductWorkspace.MostInner + 1, transposeA, transposeB, Accumulate: true));
    }

    [Test]
    public void A_product_of_fractions_is_within_what_the_order_of_a_sum_may_change([Values] Form form)
    {
        var shape = new ProductShape(31, 45, 600);
        float[] a = KernelInputs.Uniform(shape.Rows * shape.Inner, seed: 1), b = KernelInputs.Uniform(shape.Inner * shape.Columns, seed: 2);
        float[] c = new float[shape.Rows * shape.Columns];

        Multiply(form, shape, BlockedProduct.Whole(shape), a, b, c);

        for (int i = 0; i < c.Length; i++)
        {
            double sum = 0, magnitude = 0;
            for (int p = 0; p < shape.Inner; p++)
            {
                double product = (double)a[i / shape.Columns * shape.Inner + p] * b[p * shape.Columns + i % shape.Columns];
                sum += product;
                magnitude += Math.Abs(product);
            }

            if (Math.Abs(c[i] - sum) > shape.Inner * Math.ScaleB(magnitude, -24)) Assert.Fail($"at {i}: {c[i]} for {sum}");
        }
    }

    [Test]
    public void Parts_give_the_bits_of_the_whole_and_leave_the_rest_alone([Values] Form form, [Values] bool transposeA, [Values] bool transposeB)
    {
        var shape = new ProductShape(50, 90, 300, transposeA, transposeB);
        float[] a = KernelInputs.Uniform(shape.Rows * shape.Inner, seed: 1), b = KernelInputs.Uniform(shape.Inner * shape.Columns, seed: 2);
        float[] whole = new float[shape.Rows * shape.Columns], parts = new float[whole.Length];
        Multiply(form, shape, BlockedProduct.Whole(shape), a, b, whole);

        Multiply(form, shape, new ProductPart(0, 17, 0, 90), a, b, parts);
        Assert.That(parts.AsSpan(17 * 90).ContainsAnyExcept(0f), Is.False, "rows of no part");
        Multiply(form, shape, new ProductPart(17, 33, 0, 41), a, b, parts);
        Multiply(form, shape, new ProductPart(17, 33, 41, 49), a, b, parts);

        Assert.That(Numbers.Bits(parts), Is.EqualTo(Numbers.Bits(whole)));
    }

    [Test]
    public void A_product_allocates_nothing()
    {
        var shape = new ProductShape(20, 40, 300);
        float[] a = new float[20 * 300], b = new float[300 * 40], c = new float[20 * 40];
        BlockedProduct.Multiply(shape, a, b, c, Workspace);

        long before = GC.GetAllocatedBytesForCurrentThread();
        BlockedProduct.Multiply(shape, a, b, c, Workspace);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void A_shape_counts_its_multiply_adds() => Assert.That(new ProductShape(100_000, 3, 100_000).MultiplyAdds, Is.EqualTo(30_000_000_000));

    // Small whole numbers: every sum is exact whatever its order.
    private static void AssertExact(Form form, ProductShape shape)
    {
        float[] a = KernelInputs.Whole(shape.Rows * shape.Inner, seed: shape.Rows, bound: 4), b = KernelInputs.Whole(shape.Inner * shape.Columns, seed: shape.Columns, bound: 4);
        float[] held = KernelInputs.Whole(shape.Rows * shape.Columns, seed: 3), expected = new float[held.Length];
        var c = new FencedBuffer(held);

        Multiply(form, shape, BlockedProduct.Whole(shape), a, b, c);

        for (int i = 0; i < shape.Rows; i++)
        {
            for (int j = 0; j < shape.Columns; j++)
            {
                float sum = shape.Accumulate ? held[i * shape.Columns + j] : 0;
                for (int p = 0; p < shape.Inner; p++)
                {
                    float left = shape.TransposeA ? a[p * shape.Rows + i] : a[i * shape.Inner + p];
                    sum += left * (shape.TransposeB ? b[j * shape.Inner + p] : b[p * shape.Columns + j]);
                }

                expected[i * shape.Columns + j] = sum;
            }
        }

        if (!c.Span.SequenceEqual(expected)) Assert.Fail(shape.ToString());
        c.AssertFencesStand(shape.ToString());
    }

    private static void Multiply(Form form, in ProductShape shape, in ProductPart part, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c)
    {
        switch (form)
        {
            case Form.Scalar: BlockedProduct.MultiplyScalar(shape, part, a, b, c); break;
            case Form.Lanes128: BlockedProduct.Multiply<Vector128<float>, Lanes128>(shape, part, a, b, c, Workspace); break;
            case Form.Lanes256: BlockedProduct.Multiply<Vector256<float>, Lanes256>(shape, part, a, b, c, Workspace); break;
            case Form.Lanes512: BlockedProduct.Multiply<Vector512<float>, Lanes512>(shape, part, a, b, c, Workspace); break;
            default: BlockedProduct.Multiply(shape, part, a, b, c, Workspace); break;
        }
    }
}

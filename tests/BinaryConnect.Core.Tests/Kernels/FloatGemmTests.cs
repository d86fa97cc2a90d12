using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class FloatGemmTests
{
    private static readonly GemmWorkspace Workspace = new();

    // Each side longer than a block and no multiple of a tile, alone and together.
    private static readonly (int Rows, int Columns, int Inner)[] BlockCrossing =
    [
        (GemmWorkspace.MostRows + 1, 5, 3),
        (7, GemmWorkspace.MostColumns + 1, 9),
        (7, 33, GemmWorkspace.MostInner + 1),
        (2 * GemmWorkspace.MostRows + 7, 2 * GemmWorkspace.MostColumns + 17, 2 * GemmWorkspace.MostInner + 3),
    ];

    // Small whole numbers: every sum is exact whatever its order, so all forms must agree to the bit.
    [Test]
    public void Every_small_shape_is_exact(
        [Values] Form form, [Values] bool transposeA, [Values] bool transposeB, [Values] bool accumulate)
    {
        int[] columns = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 70], inner = [1, 2, 3, 4, 5, 7, 8, 17, 64, 70];
        for (int m = 1; m <= 20; m++)
        {
            foreach (int n in columns)
            {
                foreach (int k in inner) CheckExact(form, new GemmShape(m, n, k, transposeA, transposeB, accumulate));
            }
        }
    }

    [Test]
    public void Every_form_is_exact_across_blocks(
        [Values] Form form, [Values] bool transposeA, [Values] bool transposeB, [Values] bool accumulate)
    {
        foreach ((int m, int n, int k) in BlockCrossing)
            CheckExact(form, new GemmShape(m, n, k, transposeA, transposeB, accumulate));
    }

    // Another order changes a sum of n products and an addend by at most n · 2⁻²⁴ · Σ|terms|.
    [Test]
    public void Fractions_are_within_what_the_order_of_a_sum_may_change(
        [Values] Form form, [Values] bool transposeA, [Values] bool transposeB)
    {
        const int Rows = 29, Columns = 83, Inner = 784;
        var shape = new GemmShape(Rows, Columns, Inner, transposeA, transposeB);
        float[] a = KernelInputs.Uniform(Rows * Inner, seed: 1), b = KernelInputs.Uniform(Inner * Columns, seed: 2);
        float[] c = new float[Rows * Columns];

        FloatGemmForms.Multiply(form, shape, FloatGemm.Whole(shape), a, b, c);

        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                double sum = 0, magnitude = 0;
                for (int p = 0; p < Inner; p++)
                {
                    double product =
                        (double)a[transposeA ? p * Rows + i : i * Inner + p] * b[transposeB ? j * Inner + p : p * Columns + j];
                    sum += product;
                    magnitude += Math.Abs(product);
                }

                double error = Math.Abs(c[i * Columns + j] - sum);
                if (error > Inner * Math.ScaleB(magnitude, -24)) Assert.Fail($"[{i}, {j}]: {c[i * Columns + j]} for {sum}");
            }
        }
    }

    [Test]
    public void A_part_is_the_same_to_the_bit_as_in_the_whole_and_the_rest_is_left_alone(
        [Values] Form form, [Values] bool accumulate)
    {
        var shape = new GemmShape(41, 77, 300, TransposeB: true, Accumulate: accumulate);
        var part = new GemmPart(Row: 5, Rows: 19, Column: 9, Columns: 43);
        float[] a = KernelInputs.Uniform(shape.Rows * shape.Inner, seed: 1);
        float[] b = KernelInputs.Uniform(shape.Columns * shape.Inner, seed: 2);
        float[] before = KernelInputs.Uniform(shape.Rows * shape.Columns, seed: 3), whole = [.. before], c = [.. before];

        FloatGemmForms.Multiply(form, shape, FloatGemm.Whole(shape), a, b, whole);
        FloatGemmForms.Multiply(form, shape, part, a, b, c);

        for (int i = 0; i < shape.Rows; i++)
        {
            for (int j = 0; j < shape.Columns; j++)
            {
                int at = i * shape.Columns + j;
                bool isIn = i >= part.Row && i < part.Row + part.Rows && j >= part.Column && j < part.Column + part.Columns;
                if (c[at] != (isIn ? whole : before)[at]) Assert.Fail($"[{i}, {j}]");
            }
        }
    }

    [TestCase(0, 1, 1)]
    [TestCase(1, 0, 1)]
    [TestCase(1, 1, 0)]
    public void Memory_shorter_than_the_shape_is_refused(int a, int b, int c) =>
        Assert.That(
            () => FloatGemm.Multiply<Vector128<float>, Lanes128>(
                new GemmShape(1, 1, 1), new GemmPart(0, 1, 0, 1), new float[a], new float[b], new float[c], Workspace),
            Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Nothing_is_allocated()
    {
        var shape = new GemmShape(37, 150, 300, TransposeB: true);
        float[] a = new float[shape.Rows * shape.Inner], b = new float[shape.Columns * shape.Inner];
        float[] c = new float[shape.Rows * shape.Columns];

        Assert.That(Allocations.OfSecondCall(() => FloatGemm.Multiply(shape, a, b, c, Workspace)), Is.Zero);
    }

    private static void CheckExact(Form form, GemmShape shape)
    {
        var a = new FencedBuffer(KernelInputs.Whole(shape.Rows * shape.Inner, seed: shape.Inner));
        var b = new FencedBuffer(KernelInputs.Whole(shape.Inner * shape.Columns, seed: shape.Columns));
        var c = new FencedBuffer(shape.Rows * shape.Columns);
        if (shape.Accumulate) KernelInputs.Whole(c.Span.Length, seed: shape.Rows).CopyTo(c.Span);
        float[] expected = Exact(shape, a, b, c);

        FloatGemmForms.Multiply(form, shape, FloatGemm.Whole(shape), a, b, c);

        if (!c.Span.SequenceEqual(expected)) Assert.Fail($"{shape}");
        c.AssertFencesStand($"{shape}");
    }

    private static float[] Exact(in GemmShape shape, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> before)
    {
        float[] c = shape.Accumulate ? before.ToArray() : new float[before.Length];
        for (int i = 0; i < shape.Rows; i++)
        {
            for (int p = 0; p < shape.Inner; p++)
            {
                float value = shape.TransposeA ? a[p * shape.Rows + i] : a[i * shape.Inner + p];
                for (int j = 0; j < shape.Columns; j++)
                {
                    c[i * shape.Columns + j] += value * (shape.TransposeB ? b[j * shape.Inner + p] : b[p * shape.Columns + j]);
                }
            }
        }

        return c;
    }
}

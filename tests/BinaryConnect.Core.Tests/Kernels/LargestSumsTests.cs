using BinaryConnect.Kernels.ByteSignGemm;
using BinaryConnect.Kernels.NarrowGemm.Sparse;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models.Products;
using BinaryConnect.Tests.Support;
using BinaryConnect.Threading;

namespace BinaryConnect.Tests.Kernels;

/// <summary>
/// Every product in integers, at the inputs nearest to overflow of 32 bits and of the 16 bits on the way.
/// </summary>
internal sealed class LargestSumsTests
{
    private const int Most = ByteSignGemm.MostInputs;

    [Test]
    public void The_limit_is_the_largest_width_whose_sums_fit()
    {
        Assert.That(Most, Is.EqualTo(8_421_504));
        Assert.That(255L * Most, Is.LessThanOrEqualTo(int.MaxValue));
        Assert.That(-255L * Most, Is.GreaterThanOrEqualTo(int.MinValue));
        Assert.That(255L * (Most + 1), Is.GreaterThan(int.MaxValue));
    }

    // Three rows by 12 outputs take tiles of ten outputs in wide registers, two by nine those of five, and one row goes
    // sum by sum.
    [Test]
    public void Bytes_by_signs_are_exact_at_the_limit(
        [ValueSource(typeof(ByteSignGemmForms), nameof(ByteSignGemmForms.Supported))] Form form,
        [Values(Most, Most - 1, Most - 63)] int inner)
    {
        byte[] x = LargestSums.Inputs(3, inner);
        sbyte[] signs = LargestSums.Packed(12, inner);

        AssertProduct(form, x, signs, rows: 3, outputs: 12, inner);
        AssertProduct(form, x, signs, rows: 2, outputs: 9, inner);
        AssertProduct(form, x, signs, rows: 1, outputs: 5, inner);
    }

    // A 16-bit sum holds 64 registers' inputs, of 16, 32 or 64 bytes.
    [Test]
    public void Sums_of_16_bits_are_exact_where_they_are_full(
        [ValueSource(typeof(ByteSignGemmForms), nameof(ByteSignGemmForms.Supported))] Form form)
    {
        foreach (int lanes in new[] { 16, 32, 64 })
        {
            foreach (int inner in Enumerable.Range(64 * lanes - 66, 132).Concat(Enumerable.Range(128 * lanes - 130, 132)))
            {
                byte[] x = LargestSums.Inputs(3, inner);
                sbyte[] signs = LargestSums.Packed(12, inner);
                AssertProduct(form, x, signs, rows: 3, outputs: 12, inner);
                AssertProduct(form, x, signs, rows: 2, outputs: 9, inner);
                AssertProduct(form, x, signs, rows: 1, outputs: 5, inner);
            }
        }
    }

    // Blocks of eight inputs by tiles of 12 outputs; 64 blocks fill a 16-bit sum.
    [Test]
    public void Sums_of_blocks_are_exact_at_the_limit([Values(511, 512, 513, 1024, 1031, Most, Most - 1)] int inner)
    {
        if (!NonzeroBlocks.AreSupported) Assert.Ignore("This machine has no AVX2.");
        const int Rows = 3, Outputs = 13;
        float[] weights = LargestSums.AllWeights(Outputs, inner);
        sbyte[] signs = new sbyte[SparseByteSigns.Length(inner, Outputs)];
        Assert.That(SparseByteSigns.TryPack(weights, 1, signs, inner), Is.True);
        var blocks = new NonzeroBlocks();
        blocks.Reset(Rows, inner);
        int[] sums = new int[Rows * Outputs];

        SparseByteSigns.Multiply(new ByteRows(LargestSums.Inputs(Rows, inner), inner), signs, sums, blocks, first: 0);

        Assert.That(sums, Is.EqualTo(LargestSums.Expected(Rows, Outputs, inner)));
    }

    // A factor of 1 tells that the product was one of floats, whose long sums are off by less than 1 %.
    [Test]
    public void A_layer_multiplies_in_floats_beyond_the_limit([Values] bool skipsZeros)
    {
        const float Bound = 2;
        var products = new NarrowDense(new WorkerPool(1), skipsZeros);
        foreach (int inner in new[] { Most, Most + 1 })
        {
            float[] weights = new float[inner], z = new float[1];
            weights.AsSpan().Fill(Bound);
            byte[] x = new byte[inner];
            x.AsSpan().Fill(byte.MaxValue);

            float factor = products.Forward(new ByteRows(x, inner), weights, Bound, z);

            Assert.That(factor, Is.EqualTo(inner == Most ? Bound : 1));
            Assert.That(factor * z[0], Is.EqualTo(255.0 * Bound * inner).Within(1).Percent);
        }
    }

    // Signs of one input take 64 places of each output: of so many outputs more than a buffer has.
    [Test]
    public void A_layer_multiplies_in_floats_where_the_signs_fit_no_buffer([Values] bool skipsZeros)
    {
        const int Outputs = AlignedBuffer.MostLength / ByteSignGemm.Block + 1;
        const float Bound = 2;
        var products = new NarrowDense(new WorkerPool(1), skipsZeros);
        float[] weights = new float[Outputs], z = new float[Outputs];
        weights.AsSpan().Fill(Bound);

        Assert.That(products.Forward(new ByteRows([3], 1), weights, Bound, z), Is.EqualTo(1));

        Assert.That(z.AsSpan().ContainsAnyExcept(6f), Is.False);
    }

    private static void AssertProduct(Form form, byte[] x, sbyte[] signs, int rows, int outputs, int inner)
    {
        int[] sums = new int[rows * outputs];
        ByteSignGemmForms.Multiply(
            form, new ByteRows(x.AsSpan(0, rows * inner), inner), signs.AsSpan(0, outputs * ByteSignGemm.Stride(inner)), sums);
        if (!sums.AsSpan().SequenceEqual(LargestSums.Expected(rows, outputs, inner)))
            Assert.That(
                sums, Is.EqualTo(LargestSums.Expected(rows, outputs, inner)), $"{rows} rows, {outputs} outputs, {inner} inner");
    }
}

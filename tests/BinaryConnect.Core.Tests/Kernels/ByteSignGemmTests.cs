using BinaryConnect.Kernels.ByteSignGemm;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class ByteSignGemmTests
{
    private static readonly int[] Inners =
        [1, 2, 15, 16, 17, 31, 63, 64, 65, 79, 96, 127, 128, 129, 191, 192, 255, 256, 257, 784, 1023, 1024, 1025, 4095, 4097];

    [TestCaseSource(typeof(ByteSignGemmForms), nameof(ByteSignGemmForms.Supported))]
    public void Every_form_gives_the_exact_sums_for_every_shape(Form form)
    {
        var random = new Random(1);
        foreach (int inner in Inners)
        {
            for (int rows = 1; rows <= 5; rows++)
            {
                for (int outputs = 1; outputs <= 12; outputs++)
                {
                    byte[] x = new byte[rows * inner];
                    random.NextBytes(x);
                    float[] weights = [.. Enumerable.Range(0, outputs * inner).Select(_ => random.Next(2) == 0 ? -0.5f : 0.5f)];
                    AssertProduct(form, x, weights, 0.5f, inner, $"{rows} rows, {outputs} outputs, {inner} inner");
                }
            }
        }
    }

    // White pixels times equal signs are the largest sums there are: 16 bits must not overflow on the way.
    [TestCaseSource(typeof(ByteSignGemmForms), nameof(ByteSignGemmForms.Supported))]
    public void The_largest_sums_do_not_overflow(Form form)
    {
        const int Inner = 20_000;
        byte[] white = Enumerable.Repeat(byte.MaxValue, 2 * Inner).ToArray();
        float[] weights = Enumerable.Repeat(1f, 5 * Inner).Concat(Enumerable.Repeat(-1f, 5 * Inner)).ToArray();

        AssertProduct(form, white, weights, 1, Inner, "white");
    }

    [Test]
    public void Packing_refuses_weights_that_are_no_sign_of_the_bound([Values(3, 64, 784)] int inner)
    {
        foreach (float bad in new[] { 0f, -0f, 0.5f, float.NaN, float.PositiveInfinity })
        {
            foreach (int at in new[] { 0, inner - 1, inner, 2 * inner - 1 })
            {
                float[] weights = Enumerable.Repeat(-1f, 2 * inner).ToArray();
                sbyte[] signs = new sbyte[2 * ByteSignGemm.Stride(inner)];
                Assert.That(ByteSignPacking.Pack(weights, 1, signs, inner), Is.True);
                weights[at] = bad;
                Assert.That(ByteSignPacking.Pack(weights, 1, signs, inner), Is.False, $"{bad} at {at}");
            }
        }
    }

    [TestCase(1, 64)]
    [TestCase(64, 64)]
    [TestCase(65, 128)]
    [TestCase(784, 832)]
    public void A_row_of_signs_takes_whole_blocks(int inner, int expected) =>
        Assert.That(ByteSignGemm.Stride(inner), Is.EqualTo(expected));

    private static void AssertProduct(Form form, byte[] x, float[] weights, float bound, int inner, string when)
    {
        const int Fence = 16, Untouched = 0x5A5A5A5A;
        int rows = x.Length / inner, outputs = weights.Length / inner;
        sbyte[] signs = new sbyte[outputs * ByteSignGemm.Stride(inner)];
        signs.AsSpan().Fill(99);
        Assert.That(ByteSignPacking.Pack(weights, bound, signs, inner), Is.True, when);
        int[] z = new int[rows * outputs + 2 * Fence];
        z.AsSpan().Fill(Untouched);

        ByteSignGemmForms.Multiply(form, new ByteRows(x, inner), signs, z.AsSpan(Fence, rows * outputs));

        int[] expected = new int[rows * outputs];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < outputs; j++)
            {
                for (int k = 0; k < inner; k++)
                    expected[i * outputs + j] += weights[j * inner + k] < 0 ? -x[i * inner + k] : x[i * inner + k];
            }
        }

        if (!z.AsSpan(Fence, rows * outputs).SequenceEqual(expected)) Assert.Fail(when);
        if (z.AsSpan(0, Fence).ContainsAnyExcept(Untouched) || z.AsSpan(z.Length - Fence).ContainsAnyExcept(Untouched))
            Assert.Fail($"{when}: written outside");
    }
}

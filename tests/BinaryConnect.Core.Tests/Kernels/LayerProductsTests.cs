using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

/// <summary>What is left out, and where, is chosen by the machine and by the batch; the products are the same.</summary>
internal sealed class LayerProductsTests
{
    private const int Rows = 67, Inner = 784, Outputs = 10;
    private const float Scale = 0.25f;

    // A batch of each kind after one of the other, so that neither takes the other's word. Whole numbers: every sum is exact.
    [Test]
    public void Products_are_those_of_the_scalar_forms([Values] Zeros manyZeros, [Values] bool areFloats)
    {
        var products = new LayerProducts(manyZeros);
        foreach (int oneOf in (int[])[4, 1, 4])
        {
            byte[] pixels = PieceInputs.Sparse(Rows * Inner, oneOf);
            float[] w = Array.ConvertAll(KernelInputs.Whole(Outputs * Inner, seed: 1), value => value < 0 ? -1f : 1), g = KernelInputs.Whole(Rows * Outputs, seed: 2);
            float[] floats = Array.ConvertAll(pixels, pixel => (float)pixel), z = new float[Rows * Outputs], d = new float[w.Length];
            float[] expectedZ = new float[z.Length], expectedD = new float[d.Length];
            FloatProduct.MultiplyTransposedScalar(floats, w, expectedZ, Inner);
            FloatProduct.TransposeMultiplyScalar(g, floats, expectedD, Inner);

            if (areFloats)
            {
                products.LookAt(floats, Inner, Outputs);
                products.MultiplyTransposed(floats, w, z, Inner, first: 0);
                products.TransposeMultiply(g, floats, d, Inner, 0, Inner);
            }
            else
            {
                var x = new ByteRows(pixels, Inner);
                int[] sums = new int[z.Length];
                products.LookAt(x, Outputs);
                Assert.That(products.TryPackSigns(w, 1, x), Is.True);
                products.MultiplySigns(x, sums, first: 0);
                products.MultiplyTransposed(x, w, z, first: 0);
                products.TransposeMultiply(g, x, d, Scale, 0, Inner, RowsAhead.Of(pixels, Inner));
                Assert.That(sums, Is.EqualTo(Array.ConvertAll(expectedZ, value => (int)value)), $"signs, one of {oneOf}");
            }

            Assert.That(z, Is.EqualTo(expectedZ), $"forward, one of {oneOf}");
            Assert.That(d, Is.EqualTo(Array.ConvertAll(expectedD, value => areFloats ? value : value * Scale)), $"backward, one of {oneOf}");
        }
    }
}

using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Models.Products;
using BinaryConnect.Tests.Support;
using BinaryConnect.Threading;

namespace BinaryConnect.Tests.Kernels;

/// <summary>Processor and batch decide whether zeros are skipped; the products are the same.</summary>
internal sealed class NarrowDenseTests
{
    private const int Rows = 670, Inner = 784, Outputs = 10;
    private const float Scale = 0.25f;

    // Sparse and dense batches alternate, so that a result left over from the other kind shows.
    // Whole numbers make every sum exact.
    [Test]
    public void Products_are_those_of_the_scalar_forms(
        [Values] bool skipsZeros, [Values] bool areFloats, [Values(1, 3)] int threads)
    {
        var products = new NarrowDense(new WorkerPool(threads), skipsZeros);
        foreach (int oneOf in (int[])[4, 1, 4])
        {
            byte[] pixels = BlockInputs.Sparse(Rows * Inner, oneOf);
            float[] w = Array.ConvertAll(KernelInputs.Whole(Outputs * Inner, seed: 1), value => value < 0 ? -1f : 1);
            float[] g = KernelInputs.Whole(Rows * Outputs, seed: 2);
            float[] floats = Array.ConvertAll(pixels, pixel => (float)pixel), z = new float[Rows * Outputs];
            float[] d = new float[w.Length];
            float[] expectedZ = new float[z.Length], expectedD = new float[d.Length];
            NarrowGemm.MultiplyTransposedScalar(floats, w, expectedZ, Inner);
            NarrowGemm.TransposeMultiplyScalar(g, floats, expectedD, Inner);

            if (areFloats)
            {
                products.Forward(floats, w, z, Inner);
                products.WeightGradient(g, floats, d, Inner);
            }
            else
            {
                var x = new ByteRows(pixels, Inner);
                Assert.That(
                    products.Forward(x, Array.ConvertAll(w, value => value * 2), bound: 2, z), Is.EqualTo(2), "in integers");
                Assert.That(z, Is.EqualTo(expectedZ), $"signs, one of {oneOf}");
                Assert.That(products.Forward(x, w, bound: 2, z), Is.EqualTo(1), "in floats");
                products.WeightGradient(g, x, d, Scale, RowsAhead.Of(pixels, Inner));
            }

            Assert.That(z, Is.EqualTo(expectedZ), $"forward, one of {oneOf}");
            Assert.That(
                d, Is.EqualTo(Array.ConvertAll(expectedD, value => areFloats ? value : value * Scale)),
                $"backward, one of {oneOf}");
        }
    }
}

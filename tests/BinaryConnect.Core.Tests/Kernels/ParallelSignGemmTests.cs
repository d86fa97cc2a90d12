using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Models.Networks;
using BinaryConnect.Tests.Support;
using BinaryConnect.Threading;

namespace BinaryConnect.Tests.Kernels;

internal sealed class ParallelSignGemmTests
{
    // Rows that threads share evenly, in thirds and with some left, and so few that threads share the outputs.
    [TestCase(128, 256, 256)]
    [TestCase(131, 300, 257)]
    [TestCase(103, 512, 300)]
    [TestCase(19, 784, 1024)]
    public void Any_number_of_threads_gives_the_bits_of_the_product(int rows, int inputs, int outputs)
    {
        var layout = new SignLayout(outputs, inputs);
        float[] x = KernelInputs.Uniform(rows * inputs, seed: 1), expected = new float[rows * outputs];
        uint[] signs = new uint[layout.Length];
        SignPacking.Pack(KernelInputs.Uniform(outputs * inputs, seed: 2), layout, signs);
        SignGemm.Multiply(x, signs, layout, 0.75f, expected, new float[SignGemm.WorkLength(layout)]);

        for (int degree = 1; degree <= 4; degree++)
        {
            Assert.That(
                WorkerPool.Worthwhile((long)rows * inputs * outputs, degree), Is.EqualTo(degree),
                "the shape must be large enough to be split");
            float[] z = new float[expected.Length];

            Product(degree, layout).Multiply(x, signs, layout, 0.75f, z, rows);

            Assert.That(z.AsSpan().SequenceEqual(expected), Is.True, $"{degree} threads");
        }
    }

    [Test]
    public void Memory_beyond_the_rows_is_left_alone()
    {
        var layout = new SignLayout(Outputs: 5, Inputs: 9);
        float[] x = KernelInputs.Uniform(10 * 9, seed: 1), z = new float[10 * 5];
        uint[] signs = new uint[layout.Length];
        Array.Fill(z, 7);

        Product(degree: 2, layout).Multiply(x, signs, layout, 1, z, rows: 6);

        Assert.That(z[..30], Has.None.EqualTo(7f));
        Assert.That(z[30..], Is.All.EqualTo(7f));
    }

    private static ParallelSignGemm Product(int degree, SignLayout layout) =>
        new LayerWorkspace(new WorkerPool(degree), new WorkspaceNeeds { Scratch = SignGemm.WorkLength(layout) }).Signs;
}

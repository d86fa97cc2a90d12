using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

/// <summary>Products with signs against float64, by the members that users see.</summary>
[NonParallelizable]
internal sealed class SignMatrixTests
{
    // Shapes on either side of words, bytes and tiles.
    private static readonly (int Rows, int Columns)[] Shapes =
        [(1, 1), (1, 7), (3, 8), (2, 9), (31, 33), (32, 32), (33, 31), (65, 5), (5, 65), (64, 100), (130, 67)];

    [TestCaseSource(nameof(Shapes))]
    public void Both_products_are_those_of_the_signs((int Rows, int Columns) shape)
    {
        (int m, int f) = shape;
        var matrix = new SignMatrix(m, f);
        float[] latent = Numbers.Uniform(1, m * f);
        AssertProducts(matrix, [.. Enumerable.Repeat(-1.0, m * f)], "a new matrix");

        matrix.Pack(latent);
        AssertProducts(matrix, Array.ConvertAll(latent, value => value < 0 ? -1.0 : 1), "packed");

        matrix.PackBits(BitsOf(m, f, latent, tail: 0xFF));
        AssertProducts(matrix, Array.ConvertAll(latent, value => value < 0 ? -1.0 : 1), "packed from bits");

        Array.Reverse(latent);
        matrix.PackBits(BitsOf(m, f, latent, tail: 0));
        AssertProducts(matrix, Array.ConvertAll(latent, value => value < 0 ? -1.0 : 1), "packed from other bits");
    }

    // Many columns, so that every lane of a register meets each value.
    [Test]
    public void Zeros_and_nans_of_either_sign_are_plus_one([Values(1, 33, 70)] int columns)
    {
        float negative = BitConverter.Int32BitsToSingle(-1);
        float[] values = [-0f, 0, float.NaN, -float.NaN, negative, float.Epsilon, -float.Epsilon, float.NegativeInfinity, 1];
        float[] weights = [.. Enumerable.Range(0, 40 * columns).Select(i => values[i % values.Length])];
        var matrix = new SignMatrix(40, columns);

        matrix.Pack(weights);

        AssertProducts(matrix, Array.ConvertAll(weights, value => value < 0 ? -1.0 : 1), "special values");
    }

    [Test]
    public void No_rows_are_no_products()
    {
        new SignMatrix(3, 4).Multiply([], []);
        new SignMatrix(3, 4).MultiplyTransposed([], []);
    }

    [Test]
    public void Wrong_arguments_are_refused()
    {
        var matrix = new SignMatrix(3, 9);
        float[] shared = new float[20];
        Assert.That(() => new SignMatrix(0, 1), Throws.InstanceOf<ArgumentException>().With.Message.Contains("'rows'"));
        Assert.That(() => new SignMatrix(1, -1), Throws.InstanceOf<ArgumentException>().With.Message.Contains("'columns'"));
        Assert.That(() => new SignMatrix((1 << 26) + 1, 1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new SignMatrix(1 << 16, (1 << 14) + 1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => matrix.Pack(new float[26]), Throws.InstanceOf<ArgumentException>().With.Message.Contains("'weights'"));
        Assert.That(() => matrix.PackBits(new byte[5]), Throws.InstanceOf<ArgumentException>().With.Message.Contains("'bits'"));
        Assert.That(() => matrix.PackBits(new byte[7]), Throws.InstanceOf<ArgumentException>().With.Message.Contains("'bits'"));
        Assert.That(
            () => matrix.Multiply(new float[8], new float[3]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'x'"));
        Assert.That(
            () => matrix.Multiply(new float[9], new float[4]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'z'"));
        Assert.That(
            () => matrix.MultiplyTransposed(new float[4], new float[9]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'g'"));
        Assert.That(
            () => matrix.MultiplyTransposed(new float[3], new float[8]),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'d'"));
        Assert.That(() => matrix.Multiply(shared.AsSpan(0, 9), shared.AsSpan(8, 3)), Throws.InstanceOf<ArgumentException>());
        foreach (float scale in new[] { 0, -1, float.NaN, float.PositiveInfinity })
            Assert.That(
                () => matrix.Multiply(new float[9], new float[3], scale),
                Throws.InstanceOf<ArgumentException>().With.Message.Contains("'scale'"));
    }

    [Test]
    public void Several_threads_multiply_at_once_and_allocate_nothing()
    {
        const int Rows = 5, M = 70, F = 130;
        var matrix = new SignMatrix(M, F);
        matrix.Pack(Numbers.Uniform(1, M * F));
        float[] x = Numbers.Uniform(2, Rows * F), g = Numbers.Uniform(3, Rows * M);
        float[] expected = new float[Rows * M], transposed = new float[Rows * F];
        matrix.Multiply(x, expected);
        matrix.MultiplyTransposed(g, transposed);
        int wrong = 0;
        long bytes = 0;

        Threads.Run(8, (_, barrier) =>
        {
            float[] z = new float[expected.Length], d = new float[transposed.Length];
            void Multiply()
            {
                for (int i = 0; i < 100; i++)
                {
                    matrix.Multiply(x, z);
                    matrix.MultiplyTransposed(g, d);
                    bool areSame = z.AsSpan().SequenceEqual(expected) && d.AsSpan().SequenceEqual(transposed);
                    if (!areSame) Interlocked.Increment(ref wrong);
                }
            }

            barrier.SignalAndWait();
            Multiply();
            Interlocked.Add(ref bytes, Allocations.Fewest(Multiply));
        });

        Assert.That(wrong, Is.Zero);
        Assert.That(bytes, Is.Zero);
    }

    private static byte[] BitsOf(int rows, int columns, float[] weights, byte tail)
    {
        int stride = (columns + 7) / 8;
        byte[] bits = new byte[rows * stride];
        for (int j = 0; j < rows; j++)
        {
            for (int k = 0; k < 8 * stride; k++)
            {
                bool isSet = k < columns ? weights[j * columns + k] >= 0 : tail != 0;
                if (isSet) bits[j * stride + k / 8] |= (byte)(1 << k % 8);
            }
        }

        return bits;
    }

    private static void AssertProducts(SignMatrix matrix, double[] signs, string what)
    {
        int m = matrix.Rows, f = matrix.Columns;
        double[] transposed = [.. Enumerable.Range(0, f * m).Select(i => signs[i % m * f + i / m])];
        foreach (int rows in new[] { 1, 3, 4, 13, 40 })
        {
            float[] x = Numbers.Uniform(2, rows * f), g = Numbers.Uniform(3, rows * m);
            float[] z = new float[rows * m], d = new float[rows * f];
            matrix.Multiply(x, z, 0.5f);
            matrix.MultiplyTransposed(g, d, 2);

            Assert.That(
                Numbers.LargestError(z, Scaled(ReferenceLayers.Dense(Numbers.Doubles(x), signs, null, rows), 0.5)),
                Is.LessThan(1e-4),
                what);
            Assert.That(
                Numbers.LargestError(d, Scaled(ReferenceLayers.Dense(Numbers.Doubles(g), transposed, null, rows), 2)),
                Is.LessThan(1e-4),
                what);
        }

        static double[] Scaled(double[] values, double scale) => Array.ConvertAll(values, value => scale * value);
    }
}

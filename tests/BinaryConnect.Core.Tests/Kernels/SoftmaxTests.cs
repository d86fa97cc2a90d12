using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class SoftmaxTests
{
    // The difference from the maximum, as a float, is where the expected values start from. The exponential is good to a few
    // units in the last place, and a probability is a quotient of such.
    private const double Relative = 1e-6;

    [Test]
    public void Rows_gives_each_row_its_softmax_for_every_shape()
    {
        for (int rows = 0; rows <= 4; rows++)
        {
            for (int classes = 1; classes <= 40; classes++)
            {
                float[] logits = KernelInputs.Uniform(rows * classes, seed: classes, bound: 10);
                var probabilities = new FencedBuffer(logits.Length);

                Softmax.Rows(logits, classes, probabilities);

                AssertRelative(probabilities, Expected(logits, classes, normalized: true), $"{rows} rows of {classes}");
                probabilities.AssertFencesStand($"{rows} rows of {classes}");
            }
        }
    }

    [Test]
    public void ShiftedExponentials_are_relative_to_each_rows_largest_for_every_shape()
    {
        for (int rows = 0; rows <= 4; rows++)
        {
            for (int classes = 1; classes <= 40; classes++)
            {
                float[] logits = KernelInputs.Uniform(rows * classes, seed: classes, bound: 10);
                var exponentials = new FencedBuffer(logits.Length);

                Softmax.ShiftedExponentials(logits, classes, exponentials);

                AssertRelative(exponentials, Expected(logits, classes, normalized: false), $"{rows} rows of {classes}");
                exponentials.AssertFencesStand($"{rows} rows of {classes}");
            }
        }
    }

    [Test]
    public void ShiftedExponentials_have_a_1_in_each_row_to_within_one_unit_in_the_last_place()
    {
        float[] exponentials = new float[35];

        Softmax.ShiftedExponentials([.. KernelInputs.Uniform(35, seed: 1, bound: 10)], 5, exponentials);

        Assert.That(exponentials.Chunk(5).Select(row => row.Max()), Is.All.EqualTo(1f).Within(1).Ulps);
    }

    [Test]
    public void Rows_works_in_place()
    {
        float[] logits = KernelInputs.Uniform(30, seed: 1), apart = new float[30];
        Softmax.Rows(logits, 10, apart);

        Softmax.Rows(logits, 10, logits);

        Assert.That(logits, Is.EqualTo(apart));
    }

    [Test]
    public void Logits_of_any_size_neither_overflow_nor_vanish_together()
    {
        float[] probabilities = new float[9];

        Softmax.Rows([1e30f, 0, -1e30f, 1000, 1000, -1000, -5000, -5000, -5000], 3, probabilities);

        AssertRelative(probabilities, [1, 0, 0, 0.5, 0.5, 0, 1.0 / 3, 1.0 / 3, 1.0 / 3], "large and small");
    }

    [Test]
    public void NaN_spoils_its_own_row_alone()
    {
        float[] probabilities = new float[6];

        Softmax.Rows([0, float.NaN, 0, 0, 0, 0], 2, probabilities);

        Assert.That(probabilities, Is.EqualTo(new[] { float.NaN, float.NaN, 0.5f, 0.5f, 0.5f, 0.5f }));
    }

    private static double[] Expected(float[] logits, int classes, bool normalized) =>
        [.. logits.Chunk(classes).SelectMany(row =>
        {
            double[] exponentials = [.. row.Select(logit => Math.Exp(logit - row.Max()))];
            return normalized ? exponentials.Select(exponential => exponential / exponentials.Sum()) : exponentials;
        })];

    private static void AssertRelative(ReadOnlySpan<float> actual, double[] expected, string name)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Length), name);
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(actual[i] - expected[i]) <= Relative * expected[i])) Assert.Fail($"{name}, at {i}: {actual[i]} for {expected[i]}");
        }
    }
}

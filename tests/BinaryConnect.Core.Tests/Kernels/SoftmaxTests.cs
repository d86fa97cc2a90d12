using BinaryConnect.Kernels.Softmax;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class SoftmaxTests
{
    // Expected values start from the difference from the maximum, as a float. The exponential is good to a few units in
    // the last place, and a probability is a quotient of two such values.
    private const double Relative = 1e-6;

    [Test]
    public void Rows_gives_each_row_its_softmax_for_every_shape()
    {
        foreach (int rows in (int[])[0, 1, 2, 3, 4, 127, 128, 129, 300])
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
    public void Exponentials_of_a_row_and_their_sum_are_relative_to_its_largest([Values] Form form)
    {
        for (int classes = 1; classes <= 70; classes++)
        {
            float[] logits = KernelInputs.Uniform(classes, seed: classes, bound: 10);
            var exponentials = new FencedBuffer(classes);

            float sum = SoftmaxRowForms.Exponentials(form, logits, logits.Max(), exponentials);

            double[] expected = Expected(logits, classes, normalized: false);
            AssertRelative(exponentials, expected, $"{classes} classes");
            AssertRelative([sum], [expected.Sum()], $"sum of {classes} classes");
            exponentials.AssertFencesStand($"{classes} classes");
        }
    }

    // More rows than are taken together, and without a destination.
    [Test]
    public void Some_gives_maxima_and_sums_with_and_without_a_destination(
        [Values(1, 10, 32, 33, 300)] int classes, [Values(1, 100, 128)] int rows)
    {
        float[] logits = KernelInputs.Uniform(rows * classes, seed: classes, bound: 10), scaled = new float[logits.Length];
        float[] maxima = new float[rows], sums = new float[rows], otherMaxima = new float[rows], otherSums = new float[rows];

        Softmax.Some(logits, 0.25f, scaled, maxima, sums);
        Softmax.Some(logits, 0.25f, default, otherMaxima, otherSums);

        AssertRelative(
            scaled, [.. Expected(logits, classes, normalized: true).Select(probability => probability / 4)],
            "scaled probabilities");
        AssertRelative(sums, [.. Expected(logits, classes, normalized: false).Chunk(classes).Select(row => row.Sum())], "sums");
        Assert.That(maxima, Is.EqualTo(logits.Chunk(classes).Select(row => row.Max())));
        Assert.That(otherMaxima, Is.EqualTo(maxima));
        AssertRelative(otherSums, Numbers.Doubles(sums), "sums without a destination");
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
            if (!(Math.Abs(actual[i] - expected[i]) <= Relative * expected[i]))
                Assert.Fail($"{name}, at {i}: {actual[i]} for {expected[i]}");
        }
    }
}

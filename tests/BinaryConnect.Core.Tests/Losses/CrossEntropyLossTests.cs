using BinaryConnect.Losses;
using BinaryConnect.Tests.Support;
using CsCheck;

namespace BinaryConnect.Tests.Losses;

internal sealed class CrossEntropyLossTests
{
    private static readonly float[] Extremes =
    [
        0f, -0f, float.Epsilon, -float.Epsilon, 1e-40f, float.MaxValue, float.MinValue,
        3.4e38f, -3.4e38f, 88.8f, -104f, -87.4f, 1, -1,
    ];

    private static readonly Gen<float> AnyFinite = Gen.OneOf(
        Gen.Int[0, Extremes.Length - 1].Select(i => Extremes[i]),
        Gen.Int.Select(BitConverter.Int32BitsToSingle).Where(float.IsFinite),
        Gen.Float[-30, 30]);

    private readonly CrossEntropyLoss _loss = new();

    [Test]
    public void Loss_is_the_mean_negative_log_of_the_label_s_softmax()
    {
        float[] logits = [0, MathF.Log(3), 2, 2], gradient = new float[4];
        double expected = (Math.Log(4) - Math.Log(3) + Math.Log(2)) / 2;

        Assert.That(_loss.Compute(logits, [1, 0]), Is.EqualTo(expected).Within(1e-6));
        Assert.That(_loss.Compute(logits, [1, 0], gradient), Is.EqualTo(expected).Within(1e-6));
        Assert.That(gradient, Is.EqualTo(new[] { 0.125f, -0.125f, -0.25f, 0.25f }).Within(1e-7f));
    }

    [Test]
    public void Loss_and_gradient_agree_with_float64_and_the_overloads_with_each_other() =>
        Gen.Select(Gen.Int[1, 7], Gen.Int[1, 40], Gen.Int[0, 1000]).Sample(
            (rows, classes, seed) =>
            {
                float[] logits = Numbers.Uniform(seed, rows * classes, -8, 8), gradient = new float[rows * classes];
                int[] labels = Numbers.Labels(seed, rows, classes);
                double[] reference = Numbers.Doubles(logits);

                double[] exact = ReferenceLogistic.LogitsGradient(ReferenceLogistic.Softmax(reference, classes), labels);
                double alone = _loss.Compute(logits, labels), withGradient = _loss.Compute(logits, labels, gradient);

                return Math.Abs(alone - withGradient) < 1e-6
                    && Math.Abs(alone - ReferenceLogistic.Loss(reference, labels)) < 2e-6
                    && Numbers.LargestError(gradient, exact) < 1e-6;
            },
            iter: 200,
            threads: 1);

    [TestCase(1, 2)]
    [TestCase(3, 5)]
    [TestCase(8, 10)]
    [TestCase(2, 33)]
    public void Gradient_agrees_with_central_differences(int rows, int classes)
    {
        float[] logits = Numbers.Uniform(rows, rows * classes, -3, 3), gradient = new float[rows * classes];
        int[] labels = Numbers.Labels(classes, rows, classes);
        double[] point = Numbers.Doubles(logits);

        _loss.Compute(logits, labels, gradient);

        double[] expected = Numbers.CentralDifferences(point, () => ReferenceLogistic.Loss(point, labels));
        Assert.That(Numbers.RelativeError(gradient, expected), Is.LessThan(1e-5), "relative to the norm of the gradient");
    }

    [TestCase(255)]
    [TestCase(256)]
    [TestCase(257)]
    [TestCase(1000)]
    [TestCase(70_000)]
    public void Any_number_of_classes_is_summed_in_full(int classes)
    {
        float[] logits = Numbers.Uniform(classes, 2 * classes, -2, 2), gradient = new float[2 * classes];
        int[] labels = [0, classes - 1];
        double expected = ReferenceLogistic.Loss(Numbers.Doubles(logits), labels);

        Assert.That(_loss.Compute(logits, labels), Is.EqualTo(expected).Within(1e-5));
        Assert.That(_loss.Compute(logits, labels, gradient), Is.EqualTo(expected).Within(1e-5));
        Assert.That(_loss.Compute(new float[classes], [0]), Is.EqualTo(Math.Log(classes)).Within(1e-6));
    }

    [Test]
    public void Finite_logits_always_give_a_finite_loss_and_gradient() =>
        AnyFinite.Array[1, 40].SelectMany(logits => Gen.Select(Gen.Const(logits), Gen.Int[0, logits.Length - 1])).Sample(
            (logits, label) =>
            {
                float[] gradient = new float[logits.Length];
                double alone = _loss.Compute(logits, [label]), withGradient = _loss.Compute(logits, [label], gradient);
                return double.IsFinite(alone) && alone >= 0
                    && Math.Abs(alone - withGradient) <= 1e-6 * Math.Max(1, alone)
                    && gradient.All(g => g is >= -1 and <= 1)
                    && Math.Abs(gradient.Sum(g => (double)g)) < 1e-5;
            },
            iter: 5000,
            threads: 1);

    [Test]
    public void Extreme_logits_give_the_exact_loss()
    {
        float[] gradient = new float[2];
        double expected = 2.0 * float.MaxValue;

        Assert.That(_loss.Compute([float.MaxValue, float.MinValue], [1]), Is.EqualTo(expected));
        Assert.That(_loss.Compute([float.MaxValue, float.MinValue], [1], gradient), Is.EqualTo(expected));
        Assert.That(gradient, Is.EqualTo(new[] { 1f, -1 }));
        Assert.That(_loss.Compute([float.MaxValue, float.MinValue], [0], gradient), Is.Zero);
        Assert.That(gradient, Is.EqualTo(new float[2]));
    }

    // Ten classes go down columns, forty along rows.
    [TestCase(10)]
    [TestCase(40)]
    public void A_class_far_below_the_largest_has_no_gradient_and_none_is_subnormal(int classes)
    {
        float[] logits = new float[classes], gradient = new float[classes];
        for (int k = 1; k < classes; k++) logits[k] = -63.5f - k;

        double loss = new CrossEntropyLoss().Compute(logits, [1], gradient);

        Assert.That(loss, Is.EqualTo(64.5).Within(1e-6));
        Assert.That(gradient[..2], Is.EqualTo(new float[] { 1, -1 }));
        Assert.That(gradient[2..], Is.All.Zero);
        logits[2] = -63.5f;
        new CrossEntropyLoss().Compute(logits, [1], gradient);
        Assert.That(gradient[2], Is.EqualTo(Math.Exp(-63.5)).Within(1).Percent);
    }

    [Test]
    public void Shift_of_all_logits_changes_nothing() =>
        Gen.Select(Gen.Float[-10, 10].Array[2, 20], Gen.Float[-10, 10]).Sample(
            (logits, shift) =>
                Math.Abs(_loss.Compute(logits, [1]) - _loss.Compute(Array.ConvertAll(logits, z => z + shift), [1])) < 1e-5,
            iter: 200,
            threads: 1);

    [Test]
    public void Logits_of_nan_give_a_loss_of_nan()
    {
        Assert.That(_loss.Compute([0, float.NaN, 1], [0]), Is.NaN);
        Assert.That(_loss.Compute([0, float.NaN, 1], [0], new float[3]), Is.NaN);
        Assert.That(_loss.Compute([0, 1, float.NaN, float.NaN], [0, 0]), Is.NaN);
    }

    [Test]
    public void Loss_from_logits_is_the_loss_from_probabilities() =>
        Gen.Select(Gen.Float[-10, 10].Array[2, 20], Gen.Int[0, 1]).Sample(
            (logits, label) =>
            {
                int classes = logits.Length;
                float[] probabilities = Array.ConvertAll(
                    ReferenceLogistic.Softmax(Numbers.Doubles(logits), classes), p => (float)p);
                float[] targets = new float[classes];
                targets[label] = 1;
                double expected = _loss.Compute(logits, [label]);
                return Math.Abs(CrossEntropyLoss.FromProbabilities(probabilities, [label]) - expected) < 1e-5
                    && Math.Abs(CrossEntropyLoss.FromProbabilities(probabilities, targets, classes) - expected) < 1e-5;
            },
            iter: 200,
            threads: 1);

    [Test]
    public void Loss_from_probabilities_is_a_mean_over_rows()
    {
        float[] probabilities = [0.5f, 0.5f, 0.25f, 0.75f];

        Assert.That(CrossEntropyLoss.FromProbabilities(probabilities, [0, 0]), Is.EqualTo(1.5 * Math.Log(2)).Within(1e-12));
        Assert.That(
            CrossEntropyLoss.FromProbabilities(probabilities, [1, 0, 1, 0], 2), Is.EqualTo(1.5 * Math.Log(2)).Within(1e-12));
        Assert.That(
            CrossEntropyLoss.FromProbabilities(probabilities, [0, 0, 0.5f, 0.5f], 2),
            Is.EqualTo((0.5 * Math.Log(4) - 0.5 * Math.Log(0.75)) / 2).Within(1e-12));
    }

    [Test]
    public void Zero_times_the_log_of_zero_is_zero()
    {
        Assert.That(CrossEntropyLoss.FromProbabilities([0, 1, -0f], [0, 1, 0], 3), Is.Zero);
        Assert.That(CrossEntropyLoss.FromProbabilities([0, 1], [1]), Is.Zero);
    }

    [Test]
    public void Probability_of_zero_for_what_is_true_gives_infinity()
    {
        Assert.That(CrossEntropyLoss.FromProbabilities([0, 1], [0]), Is.EqualTo(double.PositiveInfinity));
        Assert.That(CrossEntropyLoss.FromProbabilities([0, 1], [1, 0], 2), Is.EqualTo(double.PositiveInfinity));
    }
}

using BinaryConnect.Losses;
using BinaryConnect.Tests.Support;
using CsCheck;

namespace BinaryConnect.Tests.Losses;

internal sealed class SquaredHingeLossTests
{
    private static readonly float[] Extremes =
    [
        0f, -0f, float.Epsilon, -float.Epsilon, 1e-40f, float.MaxValue, float.MinValue,
        1.9e19f, -1.9e19f, 16_777_216f, -16_777_216f, 1, -1,
    ];

    private static readonly Gen<float> AnyFinite = Gen.OneOf(
        Gen.Int[0, Extremes.Length - 1].Select(i => Extremes[i]),
        Gen.Int.Select(BitConverter.Int32BitsToSingle).Where(float.IsFinite),
        Gen.Float[-3, 3]);

    [Test]
    public void Loss_is_the_mean_of_squared_violations_of_the_margin([Values] bool meanOverClasses)
    {
        var loss = new SquaredHingeLoss(meanOverClasses);
        float[] logits = [0.5f, -2, 0, 3, -1, 1], gradient = new float[6];
        int[] labels = [0, 2];
        double share = meanOverClasses ? 1.0 / 6 : 1.0 / 2;

        // Violations: 0.5 and 1 in the first row, 4 in the second; its label is on the margin.
        double expected = (0.25 + 1 + 16) * share;

        Assert.That(loss.MeanOverClasses, Is.EqualTo(meanOverClasses));
        Assert.That(loss.Compute(logits, labels), Is.EqualTo(expected).Within(1e-12));
        Assert.That(loss.Compute(logits, labels, gradient), Is.EqualTo(expected).Within(1e-12));
        Assert.That(gradient, Is.EqualTo(new[] { -1, 0, 2, 8, 0, 0 }.Select(value => (float)(value * share))).Within(1e-6f));
    }

    [Test]
    public void The_sum_over_classes_is_the_default() =>
        Assert.That(new SquaredHingeLoss().MeanOverClasses, Is.False);

    [Test]
    public void Loss_and_gradient_agree_with_float64_at_every_length([Values] bool meanOverClasses)
    {
        var loss = new SquaredHingeLoss(meanOverClasses);
        for (int classes = 1; classes <= 40; classes++)
        {
            for (int rows = 1; rows <= 40; rows++) AssertAgrees(loss, rows, classes);
        }
    }

    // 512 values are taken at a time.
    [TestCase(1, 511)]
    [TestCase(1, 512)]
    [TestCase(1, 513)]
    [TestCase(2, 512)]
    [TestCase(7, 700)]
    [TestCase(511, 1)]
    [TestCase(512, 1)]
    [TestCase(513, 1)]
    [TestCase(205, 10)]
    [TestCase(3, 70_000)]
    public void Loss_and_gradient_agree_with_float64_beyond_a_block(int rows, int classes)
    {
        AssertAgrees(new SquaredHingeLoss(), rows, classes);
        AssertAgrees(new SquaredHingeLoss(meanOverClasses: true), rows, classes);
    }

    [Test]
    public void Every_class_may_be_the_label()
    {
        var loss = new SquaredHingeLoss();
        const int Classes = 1030;
        float[] logits = Numbers.Uniform(1, Classes, -2, 2), gradient = new float[Classes];
        double[] reference = Numbers.Doubles(logits);
        for (int label = 0; label < Classes; label++)
        {
            double expected = ReferenceSquaredHinge.Loss(reference, [label]);

            Assert.That(loss.Compute(logits, [label]), Is.EqualTo(expected).Within(1e-7 * expected), $"label {label}");
            Assert.That(loss.Compute(logits, [label], gradient), Is.EqualTo(expected).Within(1e-7 * expected), $"label {label}");
            Assert.That(gradient[label], Is.EqualTo(-2 * MathF.Max(0, 1 - logits[label])), $"label {label}");
        }
    }

    [TestCase(1, 2, false)]
    [TestCase(3, 5, false)]
    [TestCase(8, 10, true)]
    [TestCase(2, 33, true)]
    [TestCase(4, 1, false)]
    public void Gradient_agrees_with_central_differences(int rows, int classes, bool meanOverClasses)
    {
        float[] logits = Numbers.Uniform(rows, rows * classes, -3, 3), gradient = new float[rows * classes];
        int[] labels = Numbers.Labels(classes, rows, classes);
        double[] point = Numbers.Doubles(logits);

        new SquaredHingeLoss(meanOverClasses).Compute(logits, labels, gradient);

        double[] expected = Numbers.CentralDifferences(point, () => ReferenceSquaredHinge.Loss(point, labels, meanOverClasses));
        Assert.That(Numbers.RelativeError(gradient, expected), Is.LessThan(1e-5), "relative to the norm of the gradient");
    }

    // A loss whose label's term is taken out of the sum again would be 0, or far off.
    [TestCase(1e8f)]
    [TestCase(1e15f)]
    public void A_label_far_beyond_its_margin_takes_nothing_from_the_other_terms(float confident)
    {
        float[] gradient = new float[3];

        Assert.That(new SquaredHingeLoss().Compute([confident, -0.5f, -2], [0]), Is.EqualTo(0.25));
        Assert.That(new SquaredHingeLoss().Compute([confident, -0.5f, -2], [0], gradient), Is.EqualTo(0.25));
        Assert.That(gradient, Is.EqualTo(new[] { 0f, 1, 0 }));
    }

    [Test]
    public void A_margin_of_exactly_one_costs_nothing_and_has_no_slope()
    {
        float[] logits = [1, -1, -1, 1], gradient = new float[4];
        float above = MathF.BitIncrement(-1), below = MathF.BitDecrement(1);

        Assert.That(new SquaredHingeLoss().Compute(logits, [0, 1], gradient), Is.Zero);
        Assert.That(gradient, Is.EqualTo(new float[4]));

        Assert.That(
            new SquaredHingeLoss().Compute([below, above], [0], gradient.AsSpan(0, 2)),
            Is.EqualTo(Square(1 - below) + Square(1 + above)));
        Assert.That(gradient[..2], Is.EqualTo(new[] { -2 * (1 - below), 2 * (1 + above) }));

        static double Square(double value) => value * value;
    }

    [Test]
    public void Finite_logits_always_give_a_finite_loss_that_both_overloads_share() =>
        Gen.Select(AnyFinite.Array[1, 40], Gen.Bool).SelectMany(
            (logits, mean) => Gen.Select(Gen.Const(logits), Gen.Const(mean), Gen.Int[0, logits.Length - 1])).Sample(
            (logits, mean, label) =>
            {
                var loss = new SquaredHingeLoss(mean);
                float[] gradient = new float[logits.Length];
                double alone = loss.Compute(logits, [label]), withGradient = loss.Compute(logits, [label], gradient);
                return double.IsFinite(alone) && alone >= 0 && alone.Equals(withGradient)
                    && gradient.Select((g, k) => k == label ? g <= 0 : g >= 0).All(isRight => isRight);
            },
            iter: 5000,
            threads: 1);

    [Test]
    public void Extreme_logits_give_the_exact_loss()
    {
        const double Square = (double)float.MaxValue * float.MaxValue;
        float[] logits = [float.MaxValue, float.MinValue], gradient = new float[2];

        Assert.That(new SquaredHingeLoss().Compute(logits, [1], gradient), Is.EqualTo(2 * Square));
        Assert.That(gradient, Is.EqualTo(new[] { float.PositiveInfinity, float.NegativeInfinity }));
        Assert.That(new SquaredHingeLoss(meanOverClasses: true).Compute(logits, [1], gradient), Is.EqualTo(Square));
        Assert.That(gradient, Is.EqualTo(new[] { float.MaxValue, float.MinValue }));
        Assert.That(new SquaredHingeLoss().Compute(logits, [0], gradient), Is.Zero);
        Assert.That(gradient, Is.EqualTo(new float[2]));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(4)]
    public void A_logit_of_nan_gives_a_loss_of_nan_and_spoils_its_own_gradient_alone(int at)
    {
        float[] logits = [0, 0.5f, 1, 2, -3, 4], gradient = new float[6];
        logits[at] = float.NaN;

        Assert.That(new SquaredHingeLoss().Compute(logits, [1, 0]), Is.NaN);
        Assert.That(new SquaredHingeLoss().Compute(logits, [1, 0], gradient), Is.NaN);
        Assert.That(Enumerable.Range(0, 6).Where(i => float.IsNaN(gradient[i])), Is.EqualTo(new[] { at }));
    }

    [Test]
    public void Infinite_logits_cost_nothing_on_the_right_side_of_the_margin()
    {
        float[] gradient = new float[2];

        Assert.That(new SquaredHingeLoss().Compute([float.PositiveInfinity, float.NegativeInfinity], [0], gradient), Is.Zero);
        Assert.That(gradient, Is.EqualTo(new float[2]));
        Assert.That(
            new SquaredHingeLoss().Compute([float.NegativeInfinity, 0], [0], gradient), Is.EqualTo(double.PositiveInfinity));
        Assert.That(gradient, Is.EqualTo(new[] { float.NegativeInfinity, 2 }));
    }

    [Test]
    public void Nothing_is_allocated()
    {
        var loss = new SquaredHingeLoss();
        float[] logits = Numbers.Uniform(1, 200 * 10), gradient = new float[logits.Length];
        int[] labels = Numbers.Labels(1, 200, 10);

        Assert.That(Allocations.OfSecondCall(() => loss.Compute(logits, labels)), Is.Zero);
        Assert.That(Allocations.OfSecondCall(() => loss.Compute(logits, labels, gradient)), Is.Zero);
    }

    private static void AssertAgrees(SquaredHingeLoss loss, int rows, int classes)
    {
        float[] values = Numbers.Uniform(rows * classes, rows * classes, -3, 3);
        int[] labels = Numbers.Labels(rows, rows, classes);
        double[] reference = Numbers.Doubles(values);
        FencedBuffer logits = new(values), gradient = new(values.Length);
        string shape = $"{rows} rows of {classes}";
        double expected = ReferenceSquaredHinge.Loss(reference, labels, loss.MeanOverClasses);

        double alone = loss.Compute(logits, labels), withGradient = loss.Compute(logits, labels, gradient);

        Assert.That(alone, Is.EqualTo(expected).Within(1e-6 * expected + 1e-12), shape);
        Assert.That(withGradient, Is.EqualTo(alone), shape);
        double[] slopes = ReferenceSquaredHinge.LogitsGradient(reference, labels, loss.MeanOverClasses);
        Assert.That(Numbers.LargestError(gradient.Span, slopes), Is.LessThan(1e-6), shape);
        gradient.AssertFencesStand(shape);
    }
}

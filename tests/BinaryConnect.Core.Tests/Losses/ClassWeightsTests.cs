using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Losses;

/// <summary>Weights of classes in both losses: formula, gradient by differences, and refused weights.</summary>
internal sealed class ClassWeightsTests
{
    // The first width fits no register, the second many rows a block, the last two are beyond a block.
    private static readonly (int Rows, int Classes)[] Sizes = [(5, 3), (300, 10), (4, 33), (3, 700), (2, 1030)];

    [Test]
    public void Cross_entropy_agrees_with_its_formula_and_differences([ValueSource(nameof(Sizes))] (int Rows, int Classes) size)
    {
        float[] weights = Weights(size.Classes);
        Check(new CrossEntropyLoss(weights), size.Rows, size.Classes, (z, labels) =>
        {
            double sum = 0;
            for (int i = 0; i < labels.Length; i++)
            {
                double[] row = z[(i * size.Classes)..((i + 1) * size.Classes)];
                sum += weights[labels[i]] * (Math.Log(row.Sum(Math.Exp)) - row[labels[i]]);
            }

            return sum / labels.Length;
        });
    }

    [Test]
    public void Squared_hinge_agrees_with_its_formula_and_differences(
        [ValueSource(nameof(Sizes))] (int Rows, int Classes) size, [Values] bool meanOverClasses)
    {
        float[] weights = Weights(size.Classes);
        Check(new SquaredHingeLoss(meanOverClasses, weights), size.Rows, size.Classes, (z, labels) =>
        {
            double sum = 0;
            for (int j = 0; j < z.Length; j++)
            {
                int label = labels[j / size.Classes];
                double violation = Math.Max(0, 1 - (label == j % size.Classes ? z[j] : -z[j]));
                sum += weights[label] * violation * violation;
            }

            return sum / (meanOverClasses ? z.Length : labels.Length);
        });
    }

    [Test]
    public void Weights_of_1_change_nothing_but_rounding([ValueSource(nameof(Sizes))] (int Rows, int Classes) size)
    {
        float[] ones = [.. Enumerable.Repeat(1f, size.Classes)];
        (ILoss Plain, ILoss Weighted)[] pairs =
        [
            (new CrossEntropyLoss(), new CrossEntropyLoss(ones)),
            (new SquaredHingeLoss(), new SquaredHingeLoss(classWeights: ones)),
        ];
        float[] z = Numbers.Uniform(1, size.Rows * size.Classes, -2, 2);
        int[] labels = Numbers.Labels(1, size.Rows, size.Classes);
        foreach ((ILoss plain, ILoss weighted) in pairs)
        {
            float[] gradient = new float[z.Length], other = new float[z.Length];
            double loss = plain.Compute(z, labels, gradient);

            Assert.That(weighted.Compute(z, labels, other), Is.EqualTo(loss).Within(1e-6 * loss));
            Assert.That(other, Is.EqualTo(gradient));
        }
    }

    [Test]
    public void A_class_of_weight_0_teaches_nothing()
    {
        float[] z = [1, -1, 0.5f, 2], gradient = new float[4];
        foreach (ILoss loss in new ILoss[] { new CrossEntropyLoss([0, 1]), new SquaredHingeLoss(classWeights: [0, 1]) })
        {
            Assert.That(loss.Compute(z, [0, 0], gradient), Is.Zero);
            Assert.That(gradient, Is.All.Zero);
        }
    }

    [Test]
    public void Nothing_is_allocated()
    {
        float[] z = Numbers.Uniform(1, 1200), gradient = new float[1200];
        int[] labels = Numbers.Labels(1, 300, 4);
        CrossEntropyLoss entropy = new([1, 2, 3, 4]);
        SquaredHingeLoss hinge = new(classWeights: [1, 2, 3, 4]);

        long bytes = Allocations.Fewest(() =>
        {
            entropy.Compute(z, labels, gradient);
            hinge.Compute(z, labels, gradient);
        });

        Assert.That(bytes, Is.Zero);
    }

    [Test]
    public void Weights_are_copied_and_shown()
    {
        float[] weights = [1, 2];
        var entropy = new CrossEntropyLoss(weights);
        var hinge = new SquaredHingeLoss(classWeights: weights);

        weights[0] = 9;

        Assert.That(entropy.ClassWeights, Is.EqualTo(new float[] { 1, 2 }));
        Assert.That(hinge.ClassWeights, Is.EqualTo(new float[] { 1, 2 }));
        Assert.That(hinge.ToString(), Is.EqualTo("SquaredHingeLoss(meanOverClasses: False, classWeights: [1, 2])"));
        Assert.That(new CrossEntropyLoss().ClassWeights, Is.Null);
        Assert.That(new SquaredHingeLoss().ClassWeights, Is.Null);
    }

    [TestCase(new float[0], "'classWeights' has no weight above 0; it must have one at least.")]
    [TestCase(new float[] { 0, 0 }, "'classWeights' has no weight above 0; it must have one at least.")]
    [TestCase(new[] { 1, -0.5f }, "'classWeights' has -0.5 at 1; it must be zero or positive, and finite.")]
    [TestCase(new[] { float.NaN, 1 }, "'classWeights' has NaN at 0; it must be zero or positive, and finite.")]
    [TestCase(new[] { 1, float.PositiveInfinity }, "'classWeights' has Infinity at 1; it must be zero or positive, and finite.")]
    public void Weights_that_cannot_be_are_refused(float[] weights, string expected)
    {
        Assert.That(() => new CrossEntropyLoss(weights), Throws.ArgumentException.With.Message.StartsWith(expected));
        Assert.That(
            () => new SquaredHingeLoss(classWeights: weights), Throws.ArgumentException.With.Message.StartsWith(expected));
    }

    [Test]
    public void Another_number_of_classes_is_refused_by_the_loss_and_before_the_first_step()
    {
        const string Expected = "'ClassWeights' has length 2; it must have a weight for each class, 3.";
        foreach (ILoss loss in new ILoss[] { new CrossEntropyLoss([1, 2]), new SquaredHingeLoss(classWeights: [1, 2]) })
        {
            var trainer = new Trainer(new TrainerOptions { Loss = loss });
            var model = new LogisticModel(SmallData.Features, SmallData.Classes);

            Assert.That(() => loss.Compute(new float[3], [0]), Throws.ArgumentException.With.Message.StartsWith(Expected));
            Assert.That(
                () => loss.Compute(new float[3], [0], new float[3]), Throws.ArgumentException.With.Message.StartsWith(Expected));
            Assert.That(
                () => trainer.Fit(model, SmallData.Floats(9)), Throws.ArgumentException.With.Message.StartsWith(Expected));
            Assert.That(
                () => trainer.Evaluate(model, SmallData.Floats(9)), Throws.ArgumentException.With.Message.StartsWith(Expected));
        }
    }

    [Test]
    public void Balanced_weights_give_every_class_the_same_sum()
    {
        var data = Dataset.FromFloats(new float[12], new[] { 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2 }, 1, 3);

        Assert.That(data.BalancedClassWeights(), Is.EqualTo(new[] { 12 / 18f, 2, 1 }));
        Assert.That(
            Dataset.FromFloats(new float[2], new[] { 0, 2 }, 1, 3).BalancedClassWeights,
            Throws.InvalidOperationException.With.Message.EqualTo(
                "Class 1 has no row; for balanced weights each must have one."));
    }

    // Differences of the formula at at most 60 logits; the formula itself is held against the loss.
    private static void Check(ILoss loss, int rows, int classes, Func<double[], int[], double> formula)
    {
        float[] z = Numbers.Uniform(rows, rows * classes, -2, 2), gradient = new float[z.Length];
        int[] labels = Numbers.Labels(rows, rows, classes);
        double[] wide = Numbers.Doubles(z);
        double expected = formula(wide, labels);

        Assert.That(loss.Compute(z, labels), Is.EqualTo(expected).Within(1e-6 * expected));
        Assert.That(loss.Compute(z, labels, gradient), Is.EqualTo(expected).Within(1e-6 * expected));
        for (int j = 0; j < z.Length; j += Math.Max(1, z.Length / 60))
        {
            double kept = wide[j];
            wide[j] = kept + 1e-5;
            double above = formula(wide, labels);
            wide[j] = kept - 1e-5;
            double below = formula(wide, labels);
            wide[j] = kept;
            Assert.That(gradient[j], Is.EqualTo((above - below) / 2e-5).Within(1e-5), $"logit {j}");
        }
    }

    private static float[] Weights(int classes) => [.. Enumerable.Range(0, classes).Select(k => 0.25f + k % 7)];
}

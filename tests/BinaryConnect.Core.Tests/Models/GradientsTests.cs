using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using CsCheck;

namespace BinaryConnect.Tests.Models;

internal sealed class GradientsTests
{
    private static readonly Gen<(int Rows, int Features, int Classes, int Seed)> Shapes =
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 40], Gen.Int[2, 12], Gen.Int[0, 1000]);

    [Test]
    public void Logits_gradient_is_probabilities_less_targets_over_the_rows()
    {
        float[] gradient = new float[6];

        Gradients.Logits([0.2f, 0.5f, 0.3f, 0.1f, 0.1f, 0.8f], [1, 2], gradient);

        Assert.That(gradient, Is.EqualTo(new[] { 0.1f, -0.25f, 0.15f, 0.05f, 0.05f, -0.1f }).Within(1e-7f));
    }

    [Test]
    public void Logits_gradient_may_be_computed_in_place()
    {
        float[] values = [0.2f, 0.8f];
        Gradients.Logits(values, [0], values);
        Assert.That(values, Is.EqualTo(new[] { -0.8f, 0.8f }).Within(1e-7f));
    }

    [Test]
    public void All_gradients_agree_with_plain_loops() => Shapes.Sample(
        shape =>
        {
            float[] features = Numbers.Uniform(shape.Seed, shape.Rows * shape.Features);
            double[] logits = Numbers.Doubles(Numbers.Uniform(shape.Seed + 1, shape.Rows * shape.Classes));
            double[] probabilities = ReferenceLogistic.Softmax(logits, shape.Classes);
            int[] labels = Numbers.Labels(shape.Seed, shape.Rows, shape.Classes);
            float[] logitsGradient = new float[shape.Rows * shape.Classes];
            float[] weightGradient = new float[shape.Classes * shape.Features], biasGradient = new float[shape.Classes];
            biasGradient.AsSpan().Fill(5);
            weightGradient.AsSpan().Fill(5);

            Gradients.Logits(Array.ConvertAll(probabilities, p => (float)p), labels, logitsGradient);
            Gradients.Weights(features, logitsGradient, weightGradient, shape.Classes);
            Gradients.Bias(logitsGradient, biasGradient);

            double[] expected = ReferenceLogistic.LogitsGradient(probabilities, labels);
            double[] expectedWeights = ReferenceLogistic.WeightGradient(features, expected, shape.Classes);
            return Numbers.LargestError(logitsGradient, expected) < 1e-6
                && Numbers.LargestError(weightGradient, expectedWeights) < 1e-6
                && Numbers.LargestError(biasGradient, ReferenceLogistic.BiasGradient(expected, shape.Classes)) < 1e-6;
        },
        iter: 100,
        threads: 1);

    [Test]
    public void No_rows_give_gradients_of_zero()
    {
        float[] weightGradient = [5, 5, 5, 5], biasGradient = [5, 5];

        Gradients.Weights([], [], weightGradient, 2);
        Gradients.Bias([], biasGradient);

        Assert.That(weightGradient, Is.EqualTo(new float[4]));
        Assert.That(biasGradient, Is.EqualTo(new float[2]));
    }

    [Test]
    public void Faults_of_the_logits_gradient_are_named()
    {
        float[] three = new float[3];
        Assert.That(() => Gradients.Logits([], [], []), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            "'labels.Length' is 0; it must be at least 1. (Parameter 'labels.Length')"));
        Assert.That(() => Gradients.Logits(three, [0, 0], three), Throws.ArgumentException.With.Message.EqualTo(
            "'probabilities' has length 3; it must be a whole number of rows of 'labels.Length', 2. "
            + "(Parameter 'probabilities')"));
        Assert.That(() => Gradients.Logits(three, [0], new float[2]), Throws.ArgumentException.With.Message.EqualTo(
            "'logitsGradient' has length 2; it must have the length of 'probabilities', 3. (Parameter 'logitsGradient')"));
        Assert.That(() => Gradients.Logits(three, [3], three), Throws.ArgumentException.With.Message.EqualTo(
            "'labels' has 3 at row 0; a label must be at least 0 and below the class count, 3. (Parameter 'labels')"));
        Assert.That(
            () => Gradients.Logits(three.AsSpan(0, 2), [0], three.AsSpan(1, 2)), Throws.ArgumentException.With.Message.EqualTo(
                "'logitsGradient' partly overlaps 'probabilities'; the two must be apart or the same. "
                + "(Parameter 'logitsGradient')"));
    }

    [Test]
    public void Faults_of_the_weight_gradient_are_named()
    {
        float[] four = new float[4];
        Assert.That(
            () => Gradients.Weights(four, four, four, 0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'classes' is 0; it must be at least 1. (Parameter 'classes')"));
        Assert.That(() => Gradients.Weights(four, new float[3], four, 2), Throws.ArgumentException.With.Message.EqualTo(
            "'logitsGradient' has length 3; it must be a whole number of rows of 'classes', 2. (Parameter 'logitsGradient')"));
        Assert.That(() => Gradients.Weights(four, new float[4], new float[3], 2), Throws.ArgumentException.With.Message.EqualTo(
            "'weightGradient' has length 3; it must be a whole number of rows of 'classes', 2. (Parameter 'weightGradient')"));
        Assert.That(
            () => Gradients.Weights(four, new float[4], [], 2), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'weightGradient.Length / classes' is 0; it must be at least 1. (Parameter 'weightGradient.Length / classes')"));
        Assert.That(() => Gradients.Weights(four, new float[4], new float[6], 2), Throws.ArgumentException.With.Message.EqualTo(
            "'features' has length 4; it must have rows times features, 6. (Parameter 'features')"));
        Assert.That(() => Gradients.Weights(four, new float[4], four, 2), Throws.ArgumentException.With.Message.EqualTo(
            "'weightGradient' overlaps 'features'; the two must be apart. (Parameter 'weightGradient')"));
        Assert.That(() => Gradients.Weights(new float[4], four, four, 2), Throws.ArgumentException.With.Message.EqualTo(
            "'weightGradient' overlaps 'logitsGradient'; the two must be apart. (Parameter 'weightGradient')"));
    }

    // 65,536 · 65,536 is 0 in 32 bits.
    [Test]
    public void A_length_beyond_32_bits_is_refused_as_it_is()
    {
        float[] some = new float[65_536], gradient = new float[65_536];
        gradient[0] = 5;

        Assert.That(() => Gradients.Weights(default, some, gradient, 1), Throws.ArgumentException.With.Message.EqualTo(
            "'features' has length 0; it must have rows times features, 4,294,967,296. (Parameter 'features')"));
        Assert.That(() => Gradients.Weights(some, new float[65_537], gradient, 1), Throws.ArgumentException.With.Message.EqualTo(
            "'features' has length 65,536; it must have rows times features, 4,295,032,832. (Parameter 'features')"));
        Assert.That(gradient[0], Is.EqualTo(5));
    }

    [Test]
    public void Faults_of_the_bias_gradient_are_named()
    {
        float[] four = new float[4];
        Assert.That(() => Gradients.Bias(four, []), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            "'biasGradient.Length' is 0; it must be at least 1. (Parameter 'biasGradient.Length')"));
        Assert.That(() => Gradients.Bias(four, new float[3]), Throws.ArgumentException.With.Message.EqualTo(
            "'logitsGradient' has length 4; it must be a whole number of rows of 'biasGradient.Length', 3. "
            + "(Parameter 'logitsGradient')"));
        Assert.That(() => Gradients.Bias(four, four.AsSpan(0, 2)), Throws.ArgumentException.With.Message.EqualTo(
            "'biasGradient' overlaps 'logitsGradient'; the two must be apart. (Parameter 'biasGradient')"));
    }
}

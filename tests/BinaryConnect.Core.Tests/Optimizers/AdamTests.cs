using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Optimizers;

internal sealed class AdamTests
{
    private const int Length = 37;

    [TestCase(0.9f, 0.999f, 1e-8f)]
    [TestCase(0.5f, 0.75f, 0.1f)]
    [TestCase(0f, 0f, 0.01f)]
    public void Fifty_steps_follow_the_formulas_in_float64(float beta1, float beta2, float epsilon)
    {
        var optimizer = new Adam(beta1, beta2, epsilon);
        var parameter = new Parameter("w", Length, 1, true, true);
        double[] values = new double[Length], mean = new double[Length], variance = new double[Length];
        for (int step = 1; step <= 50; step++)
        {
            float rate = 0.01f + 0.1f / step;
            float[] gradient = Numbers.Uniform(step, Length);
            gradient.CopyTo(parameter.Gradient);
            for (int i = 0; i < Length; i++)
            {
                mean[i] = beta1 * mean[i] + (1.0 - beta1) * gradient[i];
                variance[i] = beta2 * variance[i] + (1.0 - beta2) * gradient[i] * gradient[i];
                double unbiasedMean = mean[i] / (1 - Math.Pow(beta1, step));
                double unbiasedVariance = variance[i] / (1 - Math.Pow(beta2, step));
                values[i] -= rate * unbiasedMean / (Math.Sqrt(unbiasedVariance) + epsilon);
            }

            optimizer.Step(parameter, rate);

            Assert.That(Numbers.LargestError(parameter.Latent, values), Is.LessThan(5e-6), $"step {step}");
        }

        OptimizerState state = optimizer.StateOf(parameter);
        Assert.That(state.Steps, Is.EqualTo(50));
        Assert.That(state.SlotNames, Is.EqualTo(new[] { "mean", "variance" }));
        Assert.That(Numbers.LargestError(state.Slot(0), mean), Is.LessThan(1e-6));
        Assert.That(Numbers.LargestError(state.Slot(1), variance), Is.LessThan(1e-6));
    }

    // A run that an earlier version started must continue with the same bits.
    [TestCase(0.5f, 0.5f)]
    [TestCase(0.9f, 0.999f)]
    public void Averages_that_keep_half_or_more_move_by_the_difference_to_the_bit(float beta1, float beta2)
    {
        var optimizer = new Adam(beta1, beta2);
        var parameter = new Parameter("w", Length, 1, true, true);
        float[] mean = new float[Length], variance = new float[Length];
        for (int step = 1; step <= 20; step++)
        {
            Numbers.Uniform(step, Length).CopyTo(parameter.Gradient);
            optimizer.Step(parameter, 0.01f);
            for (int i = 0; i < Length; i++)
            {
                float g = parameter.Gradient[i];
                mean[i] = float.MultiplyAddEstimate(1 - beta1, g - mean[i], mean[i]);
                variance[i] = float.MultiplyAddEstimate(1 - beta2, g * g - variance[i], variance[i]);
            }
        }

        Assert.That(Numbers.Bits(optimizer.StateOf(parameter).Slot(0)), Is.EqualTo(Numbers.Bits(mean)));
        Assert.That(Numbers.Bits(optimizer.StateOf(parameter).Slot(1)), Is.EqualTo(Numbers.Bits(variance)));
    }

    [Test]
    public void First_step_moves_by_the_rate_against_the_sign_of_the_gradient()
    {
        var parameter = new Parameter("w", 4, 1, true, true);
        new[] { 3f, -0.002f, 0, 1000 }.CopyTo(parameter.Gradient);

        new Adam().Step(parameter, 0.25f);

        Assert.That(parameter.Latent.ToArray(), Is.EqualTo(new[] { -0.25f, 0.25f, 0, -0.25f }).Within(1e-5f));
    }

    [Test]
    public void Optimizer_keeps_what_it_was_made_from()
    {
        var standard = new Adam();
        Assert.That((standard.Beta1, standard.Beta2, standard.Epsilon), Is.EqualTo((0.9f, 0.999f, 1e-8f)));
        var other = new Adam(0.1f, 0.2f, 0.3f);
        Assert.That((other.Beta1, other.Beta2, other.Epsilon), Is.EqualTo((0.1f, 0.2f, 0.3f)));
    }

    [Test]
    public void Each_parameter_counts_its_own_steps()
    {
        var optimizer = new Adam();
        Parameter first = new("w", 1, 1, true, true), second = new("w", 1, 1, true, true);
        first.Gradient[0] = 1;
        second.Gradient[0] = 1;

        for (int step = 0; step < 5; step++) optimizer.Step(first, 0.1f);
        first.Gradient[0] = -1;
        optimizer.Step(second, 0.1f);

        Assert.That(optimizer.StateOf(first).Steps, Is.EqualTo(5));
        Assert.That(optimizer.StateOf(second).Steps, Is.EqualTo(1));
        Assert.That(second.Latent[0], Is.EqualTo(-0.1f).Within(1e-6f), "a first step, whatever the other parameter did");
    }

    [Test]
    public void State_set_on_a_new_optimizer_goes_on_bit_for_bit()
    {
        Parameter original = new("w", Length, 1, true, true), resumed = new("w", Length, 1, true, true);
        Adam before = new(), after = new();
        for (int step = 0; step < 3; step++)
        {
            Numbers.Uniform(step, Length).CopyTo(original.Gradient);
            before.Step(original, 0.1f);
        }

        original.Latent.CopyTo(resumed.Latent);
        after.StateOf(resumed).Steps = before.StateOf(original).Steps;
        for (int slot = 0; slot < 2; slot++) before.StateOf(original).Slot(slot).CopyTo(after.StateOf(resumed).Slot(slot));
        Numbers.Uniform(9, Length).CopyTo(original.Gradient);
        original.Gradient.CopyTo(resumed.Gradient);
        before.Step(original, 0.1f);
        after.Step(resumed, 0.1f);

        Assert.That(Numbers.Bits(resumed.Latent), Is.EqualTo(Numbers.Bits(original.Latent)));
    }

    [Test]
    public void Steps_after_the_first_allocate_nothing()
    {
        var optimizer = new Adam();
        var parameter = new Parameter("w", Length, 1, true, true);
        Assert.That(Allocations.OfSecondCall(() => optimizer.Step(parameter, 0.1f)), Is.Zero);
    }

    [TestCase(1f, 0.999f, 1e-8f, "'beta1' is 1; it must be at least 0 and below 1. (Parameter 'beta1')")]
    [TestCase(-0.1f, 0.999f, 1e-8f, "'beta1' is -0.1; it must be at least 0 and below 1. (Parameter 'beta1')")]
    [TestCase(0.9f, 1f, 1e-8f, "'beta2' is 1; it must be at least 0 and below 1. (Parameter 'beta2')")]
    [TestCase(0.9f, float.NaN, 1e-8f, "'beta2' is NaN; it must be at least 0 and below 1. (Parameter 'beta2')")]
    [TestCase(0.9f, 0.999f, 0f, "'epsilon' is 0; it must be positive and finite. (Parameter 'epsilon')")]
    public void Faults_of_the_constructor_are_named(float beta1, float beta2, float epsilon, string message) =>
        Assert.That(
            () => new Adam(beta1, beta2, epsilon), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(message));

    [Test]
    public void Faults_of_a_step_are_named_and_count_for_nothing()
    {
        var optimizer = new Adam();
        var parameter = new Parameter("w", 1, 1, true, true);
        Assert.That(() => optimizer.Step(parameter, -1), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            "'learningRate' is -1; it must be zero or positive, and finite. (Parameter 'learningRate')"));
        Assert.That(() => optimizer.Step(null!, 1), Throws.ArgumentNullException.With.Message.EqualTo(
            "Value cannot be null. (Parameter 'parameter')"));
        Assert.That(() => optimizer.StateOf(null!), Throws.ArgumentNullException.With.Message.EqualTo(
            "Value cannot be null. (Parameter 'parameter')"));
        Assert.That(optimizer.StateOf(parameter).Steps, Is.Zero);
    }
}

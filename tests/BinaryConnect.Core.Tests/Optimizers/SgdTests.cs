using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Optimizers;

internal sealed class SgdTests
{
    private const int Length = 37;

    [TestCase(0f, false)]
    [TestCase(0.9f, false)]
    [TestCase(0.9f, true)]
    [TestCase(0.25f, true)]
    public void Steps_follow_the_formulas_in_float64(float momentum, bool nesterov)
    {
        var optimizer = new Sgd(momentum, nesterov);
        var parameter = new Parameter("w", Length, 1, true, true);
        double[] values = new double[Length], velocity = new double[Length];
        for (int step = 0; step < 10; step++)
        {
            float rate = 0.5f / (step + 1);
            float[] gradient = Numbers.Uniform(step, Length);
            gradient.CopyTo(parameter.Gradient);
            for (int i = 0; i < Length; i++)
            {
                velocity[i] = momentum * velocity[i] + gradient[i];
                values[i] -= rate * (nesterov ? gradient[i] + momentum * velocity[i] : velocity[i]);
            }

            optimizer.Step(parameter, rate);

            Assert.That(Numbers.LargestError(parameter.Latent, values), Is.LessThan(1e-6), $"step {step}");
            Assert.That(parameter.Gradient.ToArray(), Is.EqualTo(gradient), "the gradient is only read");
            if (momentum > 0)
                Assert.That(Numbers.LargestError(optimizer.StateOf(parameter).Slot(0), velocity), Is.LessThan(1e-6));
        }

        Assert.That(optimizer.StateOf(parameter).Steps, Is.EqualTo(10));
    }

    [Test]
    public void Optimizer_keeps_what_it_was_made_from()
    {
        Assert.That(new Sgd().Momentum, Is.Zero);
        Assert.That(new Sgd().Nesterov, Is.False);
        Assert.That(new Sgd(0.5f).Momentum, Is.EqualTo(0.5f));
        Assert.That(new Sgd(0.5f).Nesterov, Is.False);
        Assert.That(new Sgd(0.5f, nesterov: true).Nesterov, Is.True);
    }

    [Test]
    public void Velocity_is_remembered_with_momentum_alone()
    {
        var parameter = new Parameter("w", 2, 1, true, true);
        Assert.That(new Sgd().StateOf(parameter).SlotNames, Is.Empty);
        Assert.That(new Sgd(0.1f).StateOf(parameter).SlotNames, Is.EqualTo(new[] { "velocity" }));
    }

    [Test]
    public void Parameters_have_velocities_of_their_own()
    {
        var optimizer = new Sgd(0.5f);
        Parameter first = new("w", 1, 1, true, true), second = new("w", 1, 1, true, true);
        first.Gradient[0] = 1;
        second.Gradient[0] = 4;

        optimizer.Step(first, 1);
        optimizer.Step(second, 1);
        optimizer.Step(first, 1);

        Assert.That(first.Latent[0], Is.EqualTo(-2.5f));
        Assert.That(second.Latent[0], Is.EqualTo(-4));
        Assert.That(optimizer.StateOf(first).Steps, Is.EqualTo(2));
        Assert.That(optimizer.StateOf(second).Steps, Is.EqualTo(1));
    }

    [Test]
    public void State_that_is_written_takes_effect()
    {
        var optimizer = new Sgd(0.5f);
        var parameter = new Parameter("w", 1, 1, true, true);
        optimizer.StateOf(parameter).Slot(0)[0] = 8;

        optimizer.Step(parameter, 0.25f);

        Assert.That(parameter.Latent[0], Is.EqualTo(-1));
    }

    [TestCase(0f, false)]
    [TestCase(0.9f, false)]
    [TestCase(0.9f, true)]
    public void Steps_after_the_first_allocate_nothing(float momentum, bool nesterov)
    {
        var optimizer = new Sgd(momentum, nesterov);
        var parameter = new Parameter("w", Length, 1, true, true);
        Assert.That(Allocations.OfSecondCall(() => optimizer.Step(parameter, 0.1f)), Is.Zero);
    }

    [Test]
    public void Update_subtracts_the_gradient_times_the_rate()
    {
        float[] values = [1, 2, 3];
        Sgd.Update(values, [2, -4, 0], 0.25f);
        Assert.That(values, Is.EqualTo(new[] { 0.5f, 3, 3 }));

        Sgd.Update(values, values, 0.5f);
        Assert.That(values, Is.EqualTo(new[] { 0.25f, 1.5f, 1.5f }));
    }

    [Test]
    public void Faults_are_named()
    {
        float[] three = new float[3];
        Assert.That(() => Sgd.Update(three, new float[2], 1), Throws.ArgumentException.With.Message.EqualTo(
            "'gradient' has length 2; it must have the length of 'values', 3. (Parameter 'gradient')"));
        Assert.That(() => Sgd.Update(three.AsSpan(0, 2), three.AsSpan(1, 2), 1), Throws.ArgumentException.With.Message.EqualTo(
            "'values' partly overlaps 'gradient'; the two must be apart or the same. (Parameter 'values')"));
        Assert.That(() => new Sgd(1), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            "'momentum' is 1; it must be at least 0 and below 1. (Parameter 'momentum')"));
        Assert.That(() => new Sgd(-0.5f), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            "'momentum' is -0.5; it must be at least 0 and below 1. (Parameter 'momentum')"));
        Assert.That(() => new Sgd(0, nesterov: true), Throws.ArgumentException.With.Message.EqualTo(
            "'nesterov' is true and 'momentum' is 0; Nesterov's method must have momentum above 0. (Parameter 'nesterov')"));
    }

    [TestCase(-1f, "-1")]
    [TestCase(float.NaN, "NaN")]
    [TestCase(float.PositiveInfinity, "Infinity")]
    public void Rates_must_be_finite_and_not_negative(float rate, string shown)
    {
        string message = $"'learningRate' is {shown}; it must be zero or positive, and finite. (Parameter 'learningRate')";
        var optimizer = new Sgd(0.5f);
        var parameter = new Parameter("w", 1, 1, true, true);
        Assert.That(
            () => optimizer.Step(parameter, rate), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(message));
        Assert.That(() => Sgd.Update([1], [1], rate), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(message));
        Assert.That(optimizer.StateOf(parameter).Steps, Is.Zero, "a refused step counts for nothing");
    }

    [Test]
    public void Null_parameters_are_refused()
    {
        Assert.That(() => new Sgd().Step(null!, 1), Throws.ArgumentNullException.With.Message.EqualTo(
            "Value cannot be null. (Parameter 'parameter')"));
        Assert.That(() => new Sgd().StateOf(null!), Throws.ArgumentNullException.With.Message.EqualTo(
            "Value cannot be null. (Parameter 'parameter')"));
    }
}

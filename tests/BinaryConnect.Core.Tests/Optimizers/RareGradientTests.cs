using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Optimizers;

/// <summary>
/// An input that is almost always 0, as a pixel at the border of an image, must not slow down all later steps.
/// </summary>
internal sealed class RareGradientTests
{
    private const int Length = 37;
    private static readonly Func<IOptimizer>[] Optimizers =
        [() => new Adam(), () => new Adam(0.5f, 0.5f), () => new Sgd(0.9f), () => new Sgd(0.9f, nesterov: true)];

    // 0.999 to the power of 90,000 is below 2⁻¹²⁶: without a bound, each of these states would be below it, too.
    [Test]
    public void What_decays_is_never_subnormal_and_ends_at_0([ValueSource(nameof(Optimizers))] Func<IOptimizer> newOptimizer)
    {
        IOptimizer optimizer = newOptimizer();
        var parameter = new Parameter("w", Length, 1, true, true);
        Numbers.Uniform(1, Length).CopyTo(parameter.Gradient);
        optimizer.Step(parameter, 0.01f);
        parameter.Gradient.Clear();

        for (int step = 0; step < 120_000; step++)
        {
            optimizer.Step(parameter, 0.01f);
            if (step % 100 == 0) Assert.That(States(optimizer, parameter).Any(float.IsSubnormal), Is.False, $"step {step}");
        }

        Assert.That(States(optimizer, parameter), Is.All.Zero);
    }

    [Test]
    public void Gradients_too_small_to_be_squared_count_as_0_for_Adam()
    {
        var optimizer = new Adam();
        var parameter = new Parameter("w", Length, 1, true, true);
        float[] before = Numbers.Uniform(1, Length);
        before.CopyTo(parameter.Latent);
        for (int i = 0; i < Length; i++) parameter.Gradient[i] = MathF.ScaleB(i % 2 == 0 ? 1 : -1, -51 - i);

        optimizer.Step(parameter, 0.01f);

        Assert.That(States(optimizer, parameter), Is.All.Zero);
        Assert.That(parameter.Latent.ToArray(), Is.EqualTo(before));
    }

    private static IEnumerable<float> States(IOptimizer optimizer, Parameter parameter)
    {
        OptimizerState state = optimizer.StateOf(parameter);
        return Enumerable.Range(0, state.SlotNames.Count).SelectMany(slot => state.Slot(slot).ToArray());
    }
}

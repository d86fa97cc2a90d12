using BinaryConnect.Models;
using BinaryConnect.Optimizers;

namespace BinaryConnect.Tests.Optimizers;

/// <summary>
/// A step makes no copy of weights where it relies on these limits: within them no update is NaN, and the clip makes it
/// finite.
/// </summary>
internal sealed class FusedUpdateTests
{
    private const float Most = IFusedUpdate.SmallGradient;

    private static readonly float[] Extremes =
        [0, -0f, float.Epsilon, -float.Epsilon, 1e-30f, -1e-30f, 1e-8f, 1, -1, 1e10f, Most, -Most];

    private static IEnumerable<Func<IOptimizer>> Optimizers =>
    [
        () => new Sgd(),
        () => new Sgd(MathF.BitDecrement(1)),
        () => new Sgd(MathF.BitDecrement(1), nesterov: true),
        () => new Adam(),
        () => new Adam(beta1: 0, beta2: 0, epsilon: float.Epsilon),
        () => new Adam(MathF.BitDecrement(0.5f), MathF.BitDecrement(0.5f), float.Epsilon),
        () => new Adam(0.5f, 0.5f, float.Epsilon),
        () => new Adam(MathF.BitDecrement(1), MathF.BitDecrement(1), float.Epsilon),
        () => new Adam(beta1: 0, MathF.BitDecrement(1), float.Epsilon),
    ];

    // Every gradient follows every other; a weight has one of them for a while.
    [Test]
    public void No_weight_is_nan_after_gradients_and_rates_of_any_size_within_the_limits(
        [ValueSource(nameof(Optimizers))] Func<IOptimizer> make,
        [Values(0, float.Epsilon, 0.1f, IFusedUpdate.OrdinaryRate)] float rate)
    {
        int kinds = Extremes.Length;
        var weights = new Parameter("weights", kinds, kinds, isWeight: true, isBinarized: true);
        IOptimizer optimizer = make();
        var fused = (IFusedUpdate)optimizer;
        for (int step = 0; step < 60; step++)
        {
            for (int i = 0; i < weights.Length; i++) weights.Gradient[i] = Extremes[step % 20 < 10 ? i / kinds : i % kinds];
            fused.BeginStep(weights);
            (_, double change) = fused.Update(weights, rate, 1, 0, weights.Length);

            Assert.That(double.IsFinite(change), Is.True, $"step {step}");
            Assert.That(weights.Latent.ToArray(), Is.All.InRange(-1f, 1f), $"step {step}");
            Assert.That(optimizer.StateOf(weights).Fault(), Is.Null, $"step {step}");
        }
    }

    // The limits of a state hold by induction: who starts at one, with any gradient, stays within.
    [Test]
    public void State_at_its_limits_stays_within_them(
        [ValueSource(nameof(Optimizers))] Func<IOptimizer> make, [Values(1, -1)] int sign)
    {
        int kinds = Extremes.Length;
        var weights = new Parameter("weights", kinds, 3, isWeight: true, isBinarized: true);
        IOptimizer optimizer = make();
        OptimizerState state = optimizer.StateOf(weights);
        for (int slot = 0; slot < state.SlotNames.Count; slot++)
        {
            state.Slot(slot).Fill(state.SlotNames[slot] == "variance" ? state.Limits(slot).Most : sign * state.Limits(slot).Most);
        }

        Assert.That(state.Fault(), Is.Null);
        for (int step = 0; step < 40; step++)
        {
            for (int i = 0; i < weights.Length; i++) weights.Gradient[i] = Extremes[(step < 20 ? i : i + step) % kinds];
            optimizer.Step(weights, 0.1f);
            Assert.That(state.Fault(), Is.Null, $"step {step}");
        }
    }

    [Test]
    public void Limits_of_a_state_are_powers_of_two_at_or_above_what_gradients_give()
    {
        var parameter = new Parameter("w", 1, 1, true, true);
        OptimizerState adam = new Adam().StateOf(parameter);
        OptimizerState sgd = new Sgd(0.75f).StateOf(parameter), slow = new Sgd(0.9f).StateOf(parameter);

        Assert.That(adam.Limits(0), Is.EqualTo(new SlotLimits("mean", -MathF.ScaleB(1, 59), MathF.ScaleB(1, 59))));
        Assert.That(adam.Limits(1), Is.EqualTo(new SlotLimits("variance", 0, MathF.ScaleB(1, 117))));
        Assert.That(sgd.Limits(0), Is.EqualTo(new SlotLimits("velocity", -MathF.ScaleB(1, 60), MathF.ScaleB(1, 60))));
        Assert.That(slow.Limits(0), Is.EqualTo(new SlotLimits("velocity", -MathF.ScaleB(1, 62), MathF.ScaleB(1, 62))));
    }
}

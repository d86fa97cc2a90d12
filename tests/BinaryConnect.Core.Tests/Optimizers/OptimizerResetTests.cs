using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Optimizers;

internal sealed class OptimizerResetTests
{
    private const int Length = 37;

    private static IEnumerable<Func<IOptimizer>> Optimizers =>
        [() => new Adam(), () => new Sgd(), () => new Sgd(0.9f), () => new Sgd(0.9f, nesterov: true)];

    [Test]
    public void Optimizer_after_reset_works_as_a_new_one_to_the_bit([ValueSource(nameof(Optimizers))] Func<IOptimizer> make)
    {
        IOptimizer used = make();
        var parameter = new Parameter("w", Length, 1, true, true);
        OptimizerState state = used.StateOf(parameter);
        Steps(used, parameter, seed: 1);
        for (int slot = 0; slot < state.SlotNames.Count; slot++) state.Slot(slot)[7] = float.NaN;

        used.Reset();
        int[] afterReset = Steps(used, parameter, seed: 2);

        Assert.That(afterReset, Is.EqualTo(Steps(make(), new Parameter("w", Length, 1, true, true), seed: 2)));
        Assert.That(state.Steps, Is.EqualTo(3), "the state that was handed out before is live");
        Assert.That(state.Fault(), Is.Null);
    }

    [Test]
    public void Optimizer_that_met_no_parameter_may_be_reset([ValueSource(nameof(Optimizers))] Func<IOptimizer> make)
    {
        IOptimizer optimizer = make();
        optimizer.Reset();
        Assert.That(optimizer.StateOf(new Parameter("w", 1, 1, true, true)).Steps, Is.Zero);
    }

    private static int[] Steps(IOptimizer optimizer, Parameter parameter, int seed)
    {
        parameter.Latent.Clear();
        for (int step = 0; step < 3; step++)
        {
            Numbers.Uniform(seed + step, Length).CopyTo(parameter.Gradient);
            optimizer.Step(parameter, 0.1f);
        }

        return Numbers.Bits(parameter.Latent);
    }
}

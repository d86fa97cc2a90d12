using System.Runtime.CompilerServices;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Optimizers;

internal sealed class StateTableTests
{
    [Test]
    public void Table_makes_one_state_for_each_parameter_and_keeps_it()
    {
        var table = new StateTable(new SlotLimits("a"));
        var first = new Parameter("same name", 2, 3, true, true);
        var second = new Parameter("same name", 2, 3, true, true);

        OptimizerState state = table.Of(first);

        Assert.That(state.Slot(0).Length, Is.EqualTo(6));
        Assert.That(state.SlotNames, Is.EqualTo(new[] { "a" }));
        Assert.That(table.Of(first), Is.SameAs(state));
        Assert.That(table.Of(second), Is.Not.SameAs(state));
        Assert.That(Allocations.OfSecondCall(() => table.Of(first)), Is.Zero);
        Assert.That(() => table.Of(null!), Throws.ArgumentNullException.With.Message.EqualTo(
            "Value cannot be null. (Parameter 'parameter')"));
    }

    [Test]
    public void Reset_makes_every_state_new_and_keeps_the_objects()
    {
        var table = new StateTable(new SlotLimits("a"));
        Parameter[] parameters = [new("a", 2, 3, true, true), new("b", 1, 1, false, false)];
        OptimizerState[] states = Array.ConvertAll(parameters, table.Of);
        foreach (OptimizerState state in states)
        {
            state.Slot(0).Fill(float.NaN);
            state.Steps = long.MaxValue;
        }

        table.Reset();

        Assert.That(parameters.Select(table.Of), Is.EqualTo(states));
        Assert.That(states.Select(state => state.Steps), Is.All.Zero);
        Assert.That(states.SelectMany(state => state.Slot(0).ToArray()), Is.All.Zero);
    }

    [Test]
    public void States_go_with_their_parameters_and_stay_with_those_in_use()
    {
        var optimizer = new Adam();
        var kept = new Parameter("kept", 3, 1, true, true);
        kept.Gradient.Fill(1);
        optimizer.Step(kept, 0.1f);
        WeakReference[] parameters = new WeakReference[20], states = new WeakReference[20];
        for (int i = 0; i < parameters.Length; i++) (parameters[i], states[i]) = StepOfAnotherModel(optimizer);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.That(parameters.Count(reference => reference.IsAlive), Is.Zero);
        Assert.That(states.Count(reference => reference.IsAlive), Is.Zero);
        Assert.That(optimizer.StateOf(kept).Steps, Is.EqualTo(1));
        Assert.That(optimizer.StateOf(kept).Slot(0).ToArray(), Is.All.EqualTo(0.1f).Within(1e-6f));
    }

    // A frame of its own, so that no local of the test keeps the model alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Parameter, WeakReference State) StepOfAnotherModel(Adam optimizer)
    {
        var model = new LogisticModel(5, 3);
        foreach (Parameter parameter in model.Parameters) optimizer.Step(parameter, 0.1f);
        return (new WeakReference(model.Weights), new WeakReference(optimizer.StateOf(model.Weights)));
    }
}

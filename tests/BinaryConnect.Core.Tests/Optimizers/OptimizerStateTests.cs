using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Optimizers;

internal sealed class OptimizerStateTests
{
    [Test]
    public void State_starts_with_no_steps_and_zeros()
    {
        var state = new OptimizerState(3, "mean", "variance");

        Assert.That(state.Steps, Is.Zero);
        Assert.That(state.SlotNames, Is.EqualTo(new[] { "mean", "variance" }));
        Assert.That(state.Slot(0).ToArray(), Is.EqualTo(new float[3]));
        Assert.That(state.Slot(1).ToArray(), Is.EqualTo(new float[3]));
        Assert.That(new OptimizerState(1).SlotNames, Is.Empty);
    }

    [Test]
    public void Slots_are_live_and_apart()
    {
        var state = new OptimizerState(2, "a", "b");

        state.Slot(0).Fill(1);
        state.Slot(1).Fill(2);
        state.Steps = 7;

        Assert.That(state.Slot(0).ToArray(), Is.EqualTo(new[] { 1f, 1 }));
        Assert.That(state.Slot(1).ToArray(), Is.EqualTo(new[] { 2f, 2 }));
        Assert.That(state.Steps, Is.EqualTo(7));
    }

    [Test]
    public void Faults_are_named()
    {
        var state = new OptimizerState(1, "a");
        Assert.That(() => new OptimizerState(0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            "'length' is 0; it must be at least 1. (Parameter 'length')"));
        Assert.That(() => new OptimizerState(1, null!), Throws.ArgumentNullException.With.Message.EqualTo(
            "Value cannot be null. (Parameter 'slotNames')"));
        Assert.That(() => state.Steps = -1, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            $"value ('-1') must be a non-negative value. (Parameter 'value'){Environment.NewLine}Actual value was -1."));
        Assert.That(() => state.Slot(1).Length, Throws.TypeOf<IndexOutOfRangeException>());
    }

    [Test]
    public void Table_makes_one_state_for_each_parameter_and_keeps_it()
    {
        var table = new StateTable("a");
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
}

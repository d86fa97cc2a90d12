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
    public void More_values_than_fit_one_buffer_are_refused() => Refusal.TakesNoMemory(
        () => _ = new OptimizerState(int.MaxValue, "mean"),
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            "'length' is 2,147,483,647; it must be at most 2,147,418,112. (Parameter 'length')"));

    [TestCase(float.NaN, "'a' is NaN at index 2; it must be finite")]
    [TestCase(float.PositiveInfinity, "'a' is Infinity at index 2; it must be finite")]
    [TestCase(float.NegativeInfinity, "'a' is -Infinity at index 2; it must be finite")]
    [TestCase(float.MaxValue, null)]
    [TestCase(float.MinValue, null)]
    [TestCase(-0f, null)]
    public void Values_of_a_state_of_ones_own_must_be_finite(float value, string? fault)
    {
        var state = new OptimizerState(4, "first", "a") { Steps = OptimizerState.MostSteps };
        state.Slot(1)[2] = value;

        Assert.That(state.Fault(), Is.EqualTo(fault));
    }

    [TestCase(-2f, null)]
    [TestCase(3f, null)]
    [TestCase(-2.0001f, "'a' is -2.0001 at index 1; it must be at least -2 and at most 3")]
    [TestCase(3.0001f, "'a' is 3.0001 at index 1; it must be at least -2 and at most 3")]
    [TestCase(float.NaN, "'a' is NaN at index 1; it must be at least -2 and at most 3")]
    public void Values_must_lie_within_the_limits_of_the_optimizer(float value, string? fault)
    {
        var state = new OptimizerState([new SlotLimits("a", -2, 3)], 2);
        state.Slot(0)[1] = value;

        Assert.That(state.Fault(), Is.EqualTo(fault));
    }

    [TestCase(1L << 53, null)]
    [TestCase((1L << 53) + 1, "'steps' is 9,007,199,254,740,993; it must be at most 9,007,199,254,740,992")]
    [TestCase(long.MaxValue, "'steps' is 9,223,372,036,854,775,807; it must be at most 9,007,199,254,740,992")]
    public void Steps_must_be_countable(long steps, string? fault) =>
        Assert.That(new OptimizerState(1) { Steps = steps }.Fault(), Is.EqualTo(fault));

    [TestCase(1L << 53)]
    [TestCase(long.MaxValue)]
    public void Counting_ends_where_no_step_differs_from_the_next(long steps)
    {
        var state = new OptimizerState(1) { Steps = steps };
        state.CountStep();
        Assert.That(state.Steps, Is.EqualTo(steps));
        state.Steps = OptimizerState.MostSteps - 1;
        state.CountStep();
        Assert.That(state.Steps, Is.EqualTo(OptimizerState.MostSteps));
    }

    [Test]
    public void State_like_another_has_its_groups_and_limits_and_none_of_its_values()
    {
        var state = new OptimizerState([new SlotLimits("a", 0, 1), new SlotLimits("b")], 2) { Steps = 5 };
        state.Slot(0).Fill(0.5f);

        OptimizerState other = state.NewLike();

        Assert.That((other.Steps, other.Length), Is.EqualTo((0L, 2)));
        Assert.That(other.SlotNames, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(other.Slot(0).ToArray(), Is.EqualTo(new float[2]));
        other.Slot(0)[0] = 2;
        Assert.That(other.Fault(), Is.EqualTo("'a' is 2 at index 0; it must be at least 0 and at most 1"));
        other.CopyFrom(state);
        Assert.That(other.Steps, Is.EqualTo(5));
        Assert.That(other.Slot(0).ToArray(), Is.EqualTo(new[] { 0.5f, 0.5f }));
        state.Slot(0).Fill(1);
        Assert.That(other.Slot(0).ToArray(), Is.EqualTo(new[] { 0.5f, 0.5f }), "the two share nothing");
    }
}

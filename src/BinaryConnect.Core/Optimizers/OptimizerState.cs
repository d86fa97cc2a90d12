using BinaryConnect.Guards;
using BinaryConnect.Kernels.Simd;
using static System.FormattableString;

namespace BinaryConnect.Optimizers;

/// <summary>
/// The state that an optimizer keeps of one parameter: the number of its steps, and named groups of values. Each group
/// has as many values as the parameter.
/// </summary>
public sealed class OptimizerState
{
    /// <summary>
    /// 2⁵³. From here on βᵗ is 0 for every β below 1, and doubles cannot tell one count from the next. No run takes so
    /// many steps.
    /// </summary>
    internal const long MostSteps = 1L << 53;

    private readonly SlotLimits[] _limits;
    private readonly float[][] _slots;
    private long _steps;

    /// <summary>Creates a state with 0 steps and all values 0.</summary>
    /// <param name="length">The number of values of the parameter, from 1 to 2,147,418,112.</param>
    /// <param name="slotNames">The name of each group of values; none for an optimizer without values.</param>
    /// <exception cref="ArgumentNullException"><paramref name="slotNames"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is out of range.</exception>
    public OptimizerState(int length, params string[] slotNames)
        : this(LimitsOf(slotNames), length)
    {
    }

    internal OptimizerState(SlotLimits[] limits, int length)
    {
        Guard.AtLeast(length, 1, nameof(length));
        Guard.AtMost(length, AlignedBuffer.MostLength, nameof(length));
        _limits = limits;
        SlotNames = Array.ConvertAll(limits, limit => limit.Name);
        _slots = Array.ConvertAll(limits, _ => new float[length]);
        Length = length;
    }

    /// <summary>The number of steps so far.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long Steps
    {
        get => _steps;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _steps = value;
        }
    }

    /// <summary>The name of each group of values.</summary>
    public IReadOnlyList<string> SlotNames { get; }

    /// <summary>The number of values of each group.</summary>
    internal int Length { get; }

    /// <summary>The values of one group, in the order of the parameter's values.</summary>
    /// <param name="index">The number of the group, in the order of <see cref="SlotNames"/>.</param>
    /// <returns>The live values.</returns>
    /// <exception cref="IndexOutOfRangeException">There is no such group.</exception>
    public Span<float> Slot(int index) => _slots[index];

    /// <summary>The range of the values of one group.</summary>
    internal SlotLimits Limits(int index) => _limits[index];

    /// <summary>Creates a state with the same groups and limits, 0 steps and all values 0.</summary>
    internal OptimizerState NewLike() => new(_limits, Length);

    /// <summary>Copies the steps and values of a state with the same groups.</summary>
    internal void CopyFrom(OptimizerState other)
    {
        _steps = other._steps;
        for (int i = 0; i < _slots.Length; i++) other._slots[i].CopyTo(_slots[i].AsSpan());
    }

    /// <summary>Counts a step, up to <see cref="MostSteps"/>.</summary>
    internal void CountStep()
    {
        if (_steps < MostSteps) _steps++;
    }

    /// <summary>Sets the steps and all values to 0.</summary>
    internal void Reset()
    {
        _steps = 0;
        foreach (float[] slot in _slots) Array.Clear(slot);
    }

    /// <summary>
    /// The fault that could make a later step NaN or infinite, though its gradients are below 2⁵⁸. It is a value that
    /// is not finite, a value beyond the optimizer's limits, or more than <see cref="MostSteps"/> steps. Null without
    /// one.
    /// </summary>
    /// <returns>
    /// A sentence without a full stop, such as "'variance' is -1 at index 7; it must be at least 0 and at most
    /// 1.66E+35".
    /// </returns>
    internal string? Fault()
    {
        if (_steps > MostSteps) return Invariant($"'steps' is {_steps:N0}; it must be at most {MostSteps:N0}");
        for (int i = 0; i < _slots.Length; i++)
        {
            SlotLimits limits = _limits[i];
            int index = limits.IndexOfFault(_slots[i]);
            if (index < 0) continue;
            string expected = limits is { Least: float.MinValue, Most: float.MaxValue }
                ? "finite"
                : Invariant($"at least {limits.Least:G3} and at most {limits.Most:G3}");
            return Invariant($"'{limits.Name}' is {_slots[i][index]} at index {index:N0}; it must be {expected}");
        }

        return null;
    }

    private static SlotLimits[] LimitsOf(string[] slotNames)
    {
        ArgumentNullException.ThrowIfNull(slotNames);
        return Array.ConvertAll(slotNames, name => new SlotLimits(name));
    }
}

using BinaryConnect.Guards;

namespace BinaryConnect.Optimizers;

/// <summary>What an optimizer remembers of one parameter: how many steps it took, and named values as many as the parameter has.</summary>
public sealed class OptimizerState
{
    private readonly float[][] _slots;
    private long _steps;

    /// <summary>Makes a state with 0 steps and all values 0.</summary>
    /// <param name="length">The number of values of the parameter, at least 1.</param>
    /// <param name="slotNames">The name of each group of values; none for an optimizer that remembers nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="slotNames"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is below 1.</exception>
    public OptimizerState(int length, params string[] slotNames)
    {
        Guard.AtLeast(length, 1, nameof(length));
        ArgumentNullException.ThrowIfNull(slotNames);
        SlotNames = slotNames;
        _slots = Array.ConvertAll(slotNames, _ => new float[length]);
    }

    /// <summary>How many steps were taken.</summary>
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

    /// <summary>The values of one group, in the order of the parameter's.</summary>
    /// <param name="index">Which, in the order of <see cref="SlotNames"/>.</param>
    /// <returns>The live values.</returns>
    /// <exception cref="IndexOutOfRangeException">There is no such group.</exception>
    public Span<float> Slot(int index) => _slots[index];
}

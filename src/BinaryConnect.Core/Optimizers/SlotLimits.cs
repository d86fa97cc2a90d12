namespace BinaryConnect.Optimizers;

/// <summary>A named group of values that an optimizer keeps, and the range that keeps its later steps finite.</summary>
/// <param name="Name">The name of the group.</param>
/// <param name="Least">The least value that a group may have, finite.</param>
/// <param name="Most">The largest value that a group may have, finite.</param>
internal readonly record struct SlotLimits(string Name, float Least, float Most)
{
    /// <summary>A group whose values may be any finite ones.</summary>
    public SlotLimits(string name)
        : this(name, float.MinValue, float.MaxValue)
    {
    }

    /// <summary>The index of the first value that is NaN or out of range; −1 if there is none.</summary>
    public int IndexOfFault(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            // NaN fails both comparisons.
            if (!(values[i] >= Least && values[i] <= Most)) return i;
        }

        return -1;
    }
}

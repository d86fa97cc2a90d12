using BinaryConnect.Guards;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Models;

/// <summary>
/// Values that a model gathers from its data and no optimizer moves, such as the means of a batch normalization.
/// </summary>
public sealed class Statistic
{
    private readonly float[] _values;

    /// <summary>Makes a statistic.</summary>
    /// <param name="name">The name in messages and files; not empty.</param>
    /// <param name="length">How many values, from 1 to 2,147,418,112.</param>
    /// <param name="initial">Every value at the start.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is out of range.</exception>
    public Statistic(string name, int length, float initial = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Guard.AtLeast(length, 1, nameof(length));
        Guard.AtMost(length, AlignedBuffer.MostLength, nameof(length));
        Name = name;
        _values = new float[length];
        Array.Fill(_values, initial);
    }

    /// <summary>The name in messages and files.</summary>
    public string Name { get; internal set; }

    /// <summary>The least that a value can be.</summary>
    internal float Least { get; init; } = float.MinValue;

    /// <summary>The values.</summary>
    public Span<float> Values => _values;
}

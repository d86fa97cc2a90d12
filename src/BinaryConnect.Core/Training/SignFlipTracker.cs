using BinaryConnect.Guards;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Training;

/// <summary>Tells how far an update moved weights, and how many signs it flipped: the tutorial's question about its jitter.</summary>
public sealed class SignFlipTracker
{
    private readonly float[] _before;

    /// <summary>Makes room for a number of weights; they start as 0.</summary>
    /// <param name="length">How many, from 1 to 2,147,418,112.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is out of range.</exception>
    public SignFlipTracker(int length)
    {
        Guard.AtLeast(length, 1, nameof(length));
        Guard.AtMost(length, AlignedBuffer.MostLength, nameof(length));
        _before = new float[length];
    }

    /// <summary>The weights last remembered.</summary>
    public ReadOnlySpan<float> Remembered => _before;

    /// <summary>Copies the weights as they are before an update.</summary>
    /// <param name="weights">As many as there is room for.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    public void Remember(ReadOnlySpan<float> weights)
    {
        Guard.Length(weights.Length, _before.Length, nameof(weights), "the tracker's length");
        weights.CopyTo(_before);
    }

    /// <summary>Compares the weights after an update with those remembered.</summary>
    /// <param name="weights">As many as there is room for.</param>
    /// <returns>How many signs differ (0 and −0 count as positive), and Σ |weights[i] − remembered[i]|.</returns>
    /// <exception cref="ArgumentException">The length is another.</exception>
    public (int SignFlips, double WeightChange) Compare(ReadOnlySpan<float> weights)
    {
        Guard.Length(weights.Length, _before.Length, nameof(weights), "the tracker's length");
        return Signs.Compare(_before, weights);
    }
}

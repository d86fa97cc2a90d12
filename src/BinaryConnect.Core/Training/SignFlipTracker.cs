using BinaryConnect.Guards;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Training;

/// <summary>
/// Measures how far an update moved weights, and how many signs it flipped: the tutorial's question about its jitter.
/// </summary>
public sealed class SignFlipTracker
{
    private readonly float[] _before;

    /// <summary>Creates a tracker for a number of weights, all 0 at the start.</summary>
    /// <param name="length">The number of weights, from 1 to 2,147,418,112.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is out of range.</exception>
    public SignFlipTracker(int length)
    {
        Guard.AtLeast(length, 1, nameof(length));
        Guard.AtMost(length, AlignedBuffer.MostLength, nameof(length));
        _before = new float[length];
    }

    /// <summary>The weights of the last call of <see cref="Remember"/>.</summary>
    public ReadOnlySpan<float> Remembered => _before;

    /// <summary>Copies the weights before an update.</summary>
    /// <param name="weights">The weights, as many as the tracker's length.</param>
    /// <exception cref="ArgumentException">The length differs.</exception>
    public void Remember(ReadOnlySpan<float> weights)
    {
        Guard.Length(weights.Length, _before.Length, nameof(weights), "the tracker's length");
        weights.CopyTo(_before);
    }

    /// <summary>Compares the weights after an update with the remembered ones.</summary>
    /// <param name="weights">The weights, as many as the tracker's length.</param>
    /// <returns>
    /// The number of signs that differ (0 and −0 count as positive), and Σ |weights[i] − remembered[i]|.
    /// </returns>
    /// <exception cref="ArgumentException">The length differs.</exception>
    public (int SignFlips, double WeightChange) Compare(ReadOnlySpan<float> weights)
    {
        Guard.Length(weights.Length, _before.Length, nameof(weights), "the tracker's length");
        return Signs.Compare(_before, weights);
    }
}

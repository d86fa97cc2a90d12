using BinaryConnect.Guards;
using BinaryConnect.Kernels.Simd;
using static System.FormattableString;

namespace BinaryConnect.Data;

/// <summary>
/// The shape of one row of values: an image of height, width and channels, the channels of a pixel lying together, or
/// a plain vector.
/// </summary>
public readonly record struct FeatureShape
{
    /// <summary>The shape of a vector: height and width are 1.</summary>
    /// <param name="length">The number of values, from 1 to 2,147,418,112.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is out of range.</exception>
    public FeatureShape(int length)
    {
        Guard.AtLeast(length, 1, nameof(length));
        Guard.AtMost(length, AlignedBuffer.MostLength, nameof(length));
        (Height, Width, Channels) = (1, 1, length);
    }

    /// <summary>The shape of an image.</summary>
    /// <param name="height">Rows of pixels, at least 1.</param>
    /// <param name="width">Pixels of a row, at least 1.</param>
    /// <param name="channels">Values of a pixel, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="ArgumentException">There are more than 2,147,418,112 values.</exception>
    public FeatureShape(int height, int width, int channels)
    {
        Guard.AtLeast(height, 1, nameof(height));
        Guard.AtLeast(width, 1, nameof(width));
        Guard.AtLeast(channels, 1, nameof(channels));
        int pixels = Guard.Product(height, width, AlignedBuffer.MostLength, nameof(height), nameof(width));
        Guard.Product(pixels, channels, AlignedBuffer.MostLength, "height * width", nameof(channels));
        (Height, Width, Channels) = (height, width, channels);
    }

    /// <summary>Rows of pixels; 1 for a vector.</summary>
    public int Height { get; }

    /// <summary>Pixels of a row; 1 for a vector.</summary>
    public int Width { get; }

    /// <summary>Values of a pixel; all values of a vector.</summary>
    public int Channels { get; }

    /// <summary>The number of values, height · width · channels; 0 for the default value, which no network takes.</summary>
    public int Length => Height * Width * Channels;

    /// <summary>"28x28x1", or "784" for a vector.</summary>
    public override string ToString() =>
        Height == 1 && Width == 1 ? Invariant($"{Channels}") : Invariant($"{Height}x{Width}x{Channels}");
}

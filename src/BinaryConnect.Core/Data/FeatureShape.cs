using BinaryConnect.Guards;
using BinaryConnect.Kernels.Simd;
using static System.FormattableString;

namespace BinaryConnect.Data;

/// <summary>
/// The shape of one row of values: a plain vector, or an image of height, width and channels. The channels of a pixel
/// are contiguous.
/// </summary>
public readonly record struct FeatureShape
{
    /// <summary>The most characters of a shape in a file: three sizes of ten digits.</summary>
    internal const int LongestText = 3 * 10 + 2;

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
    /// <param name="height">The number of rows of pixels, at least 1.</param>
    /// <param name="width">The number of pixels in a row, at least 1.</param>
    /// <param name="channels">The number of values of a pixel, at least 1.</param>
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

    /// <summary>The number of rows of pixels; 1 for a vector.</summary>
    public int Height { get; }

    /// <summary>The number of pixels in a row; 1 for a vector.</summary>
    public int Width { get; }

    /// <summary>The number of values of a pixel; the length of a vector.</summary>
    public int Channels { get; }

    /// <summary>
    /// The number of values, height · width · channels; 0 for the default value, which no network accepts.
    /// </summary>
    public int Length => Height * Width * Channels;

    /// <summary>"28x28x1", or "784" for a vector.</summary>
    public override string ToString() =>
        Height == 1 && Width == 1 ? Invariant($"{Channels}") : Invariant($"{Height}x{Width}x{Channels}");
}

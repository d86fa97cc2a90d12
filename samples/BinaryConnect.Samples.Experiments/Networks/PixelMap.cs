using BinaryConnect.Data;

namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>The pixels of square images.</summary>
/// <param name="Width">The pixels in a row.</param>
/// <param name="Varying">Whether each pixel differs between images.</param>
internal sealed record PixelMap(int Width, IReadOnlyList<bool> Varying)
{
    /// <summary>The pixels of images.</summary>
    /// <exception cref="InvalidDataException">The images are not square.</exception>
    public static PixelMap Of(Dataset images)
    {
        int width = (int)Math.Sqrt(images.FeatureCount);
        if (width * width != images.FeatureCount)
            throw new InvalidDataException($"The images have {images.FeatureCount:N0} pixels; they must be square.");
        float[] first = new float[images.FeatureCount], row = new float[images.FeatureCount];
        bool[] varying = new bool[images.FeatureCount];
        images.CopyRow(0, first);
        for (int i = 1; i < images.Count; i++)
        {
            images.CopyRow(i, row);
            for (int pixel = 0; pixel < row.Length; pixel++) varying[pixel] |= row[pixel] != first[pixel];
        }

        return new PixelMap(width, varying);
    }

    /// <summary>Pairs of varying pixels that touch, beside or below each other.</summary>
    public IEnumerable<(int First, int Second)> TouchingPairs()
    {
        for (int pixel = 0; pixel < Varying.Count; pixel++)
        {
            if (!Varying[pixel]) continue;
            int right = pixel + 1, below = pixel + Width;
            if (right % Width != 0 && Varying[right]) yield return (pixel, right);
            if (below < Varying.Count && Varying[below]) yield return (pixel, below);
        }
    }
}

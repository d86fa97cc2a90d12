using BinaryConnect.Data;

namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>
/// Images of fewer pixels, for small models. MNIST's digits fill the central 20 × 20 of 28 × 28 pixels. They are scaled
/// down to s × s: a pixel is the mean of the area it covers.
/// </summary>
internal static class SmallImages
{
    private const int Side = 28, Middle = 20, LeastSide = 8, Border = (Side - Middle) / 2;

    /// <summary>
    /// The images for a model of f inputs: small ones where f is s · s and s is from 8 to 20, else the same.
    /// </summary>
    public static Dataset For(int features, Dataset images)
    {
        int side = (int)Math.Sqrt(features);
        bool isSmall = side * side == features && side is >= LeastSide and <= Middle && images.FeatureCount == Side * Side;
        return isSmall ? Of(images, side) : images;
    }

    /// <summary>The pixels for a model of f inputs, likewise, and the number of pixels of an image.</summary>
    public static (ReadOnlyMemory<byte> Pixels, int Features) For(int features, ReadOnlyMemory<byte> pixels, int pixelsOfImage)
    {
        var images = Dataset.FromBytes(pixels, new int[pixels.Length / pixelsOfImage], pixelsOfImage, 2);
        Dataset same = For(features, images);
        return ReferenceEquals(same, images) ? (pixels, pixelsOfImage) : (Saved.Pixels.Of(same), features);
    }

    /// <summary>Images of s × s pixels.</summary>
    public static Dataset Of(Dataset images, int side)
    {
        byte[] pixels = Pixels.Of(images), small = new byte[images.Count * side * side];
        double[,] shares = Shares(side);
        for (int i = 0; i < images.Count; i++)
            ScaleDown(pixels.AsSpan(i * Side * Side, Side * Side), shares, small.AsSpan(i * side * side, side * side));
        return Dataset.FromBytes(small, images.Labels.ToArray(), side * side, images.ClassCount, images.Scale, images.Shift);
    }

    // The share of each of the central pixels in each of the small ones, along one axis.
    private static double[,] Shares(int side)
    {
        double cell = (double)Middle / side;
        double[,] shares = new double[side, Middle];
        for (int i = 0; i < side; i++)
        {
            for (int j = 0; j < Middle; j++)
                shares[i, j] = Math.Max(0, Math.Min(j + 1, (i + 1) * cell) - Math.Max(j, i * cell)) / cell;
        }

        return shares;
    }

    private static void ScaleDown(ReadOnlySpan<byte> image, double[,] shares, Span<byte> small)
    {
        int side = shares.GetLength(0);
        Span<double> rows = stackalloc double[Middle * Middle];
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < Middle; x++)
            {
                double sum = 0;
                for (int k = 0; k < Middle; k++) sum += shares[y, k] * image[(k + Border) * Side + x + Border];
                rows[y * Middle + x] = sum;
            }

            for (int x = 0; x < side; x++)
            {
                double sum = 0;
                for (int k = 0; k < Middle; k++) sum += shares[x, k] * rows[y * Middle + k];

                // Products of shares may be a little off, so that a half is nudged upwards.
                small[y * side + x] = (byte)Math.Min(byte.MaxValue, Math.Floor(sum + 0.5 + 1e-9));
            }
        }
    }
}

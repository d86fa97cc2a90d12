namespace BinaryConnect.Samples.Browser;

/// <summary>
/// Makes a drawing an image as those of MNIST: 28 × 28 pixels, the digit in a box of 20 × 20, its centre of mass in
/// pixel 14 of both axes, counted from 0.
/// </summary>
internal static class DrawnDigit
{
    /// <summary>The number of rows and columns of an image.</summary>
    public const int Side = 28;

    private const int BoxSide = 20;

    /// <summary>The image of a square drawing of grey bytes, 0 = background; 784 bytes.</summary>
    /// <exception cref="ArgumentException">The drawing does not have <paramref name="side"/>² bytes.</exception>
    public static byte[] ToImage(ReadOnlySpan<byte> drawing, int side)
    {
        if (drawing.Length != (long)side * side)
        {
            throw new ArgumentException(
                $"'drawing' has length {drawing.Length:N0}; it must have {side:N0} rows of {side:N0} bytes.", nameof(drawing));
        }

        byte[] image = new byte[Side * Side];
        (int left, int top, int right, int bottom) = BoundsOf(drawing, side);
        if (right <= left) return image;

        // Pixels of the drawing for one pixel of the image. A drawing that fits the box already keeps its size.
        double ratio = Math.Max(1, (double)Math.Max(right - left, bottom - top) / BoxSide);
        double[] small = new double[BoxSide * BoxSide];
        double mass = 0, massX = 0, massY = 0;
        for (int y = 0; y < BoxSide; y++)
        {
            for (int x = 0; x < BoxSide; x++)
            {
                double mean = MeanOf(drawing, side, left + x * ratio, top + y * ratio, ratio);
                small[y * BoxSide + x] = mean;
                mass += mean;
                massX += mean * (x + 0.5);
                massY += mean * (y + 0.5);
            }
        }

        int width = (int)Math.Ceiling((right - left) / ratio), height = (int)Math.Ceiling((bottom - top) / ratio);
        int shiftX = ShiftOf(massX / mass, width), shiftY = ShiftOf(massY / mass, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                image[(y + shiftY) * Side + x + shiftX] = (byte)Math.Round(small[y * BoxSide + x]);
        }

        return image;
    }

    // The centre of mass comes into pixel 14, as in all of MNIST, but the whole digit stays inside. The addend is for
    // rounding errors.
    private static int ShiftOf(double centre, int length) =>
        Math.Clamp((int)Math.Ceiling(Side / 2 - centre - 1e-9), 0, Side - length);

    // The smallest rectangle around all pixels that are not 0; the ends are exclusive.
    private static (int Left, int Top, int Right, int Bottom) BoundsOf(ReadOnlySpan<byte> drawing, int side)
    {
        (int left, int top, int right, int bottom) = (side, side, 0, 0);
        for (int y = 0; y < side; y++)
        {
            ReadOnlySpan<byte> row = drawing.Slice(y * side, side);
            int first = row.IndexOfAnyExcept((byte)0);
            if (first < 0) continue;
            left = Math.Min(left, first);
            right = Math.Max(right, row.LastIndexOfAnyExcept((byte)0) + 1);
            top = Math.Min(top, y);
            bottom = y + 1;
        }

        return (left, top, right, bottom);
    }

    // The mean of a square; a pixel counts by the area inside it, and all beyond the drawing is background.
    private static double MeanOf(ReadOnlySpan<byte> drawing, int side, double left, double top, double length)
    {
        double right = left + length, bottom = top + length, sum = 0;
        for (int y = (int)top; y < Math.Min(bottom, side); y++)
        {
            double height = Math.Min(y + 1, bottom) - Math.Max(y, top), rowSum = 0;
            for (int x = (int)left; x < Math.Min(right, side); x++)
            {
                byte pixel = drawing[y * side + x];
                if (pixel != 0) rowSum += pixel * (Math.Min(x + 1, right) - Math.Max(x, left));
            }

            sum += height * rowSum;
        }

        return sum / (length * length);
    }
}

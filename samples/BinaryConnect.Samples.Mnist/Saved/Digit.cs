namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>An image like MNIST's: grey, 28 × 28.</summary>
internal static class Digit
{
    /// <summary>Height and width.</summary>
    public const int Side = 28;

    // Of each side. A digit needs no more, and a small file may claim any size.
    private const int MostPixels = 8_192;

    /// <summary>Throws unless an image of this size can be scaled down.</summary>
    /// <exception cref="InvalidDataException">It is not square, too small or too large.</exception>
    public static void CheckSize(string file, int width, int height)
    {
        if (width == height && width is >= Side and <= MostPixels) return;
        throw new InvalidDataException(
            $"{file}: it is {width:N0} pixels wide and {height:N0} high; it must be square, "
            + $"{Side} x {Side} or larger, to {MostPixels:N0} x {MostPixels:N0}.");
    }

    /// <summary>The mean of each cell of a grid of 28 × 28, whose lines may cut pixels.</summary>
    /// <param name="grey">[side, side].</param>
    /// <param name="side">Height and width of the image.</param>
    public static byte[] ScaleDown(byte[] grey, int side)
    {
        if (side == Side) return grey;
        double[] rows = new double[Side * side];
        for (int x = 0; x < side; x++) Means(i => grey[i * side + x], (i, mean) => rows[i * side + x] = mean, side);
        byte[] digit = new byte[Side * Side];
        for (int y = 0; y < Side; y++)
            Means(i => rows[y * side + i], (i, mean) => digit[y * Side + i] = (byte)Math.Round(mean), side);
        return digit;
    }

    private static void Means(Func<int, double> value, Action<int, double> write, int length)
    {
        double cell = (double)length / Side;
        for (int i = 0; i < Side; i++)
        {
            double begin = i * cell, end = Math.Min((i + 1) * cell, length), sum = 0;
            for (int j = (int)begin; j < end; j++) sum += value(j) * (Math.Min(j + 1, end) - Math.Max(j, begin));
            write(i, sum / cell);
        }
    }
}

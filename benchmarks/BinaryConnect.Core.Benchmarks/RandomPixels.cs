using BinaryConnect.Data;

namespace BinaryConnect.Benchmarks;

/// <summary>Images of random bytes, of which four of five are 0, as in MNIST.</summary>
internal static class RandomPixels
{
    /// <summary>Rows of <paramref name="features"/> bytes; their labels are 0, 1, … in a cycle.</summary>
    public static Dataset Create(int rows, int features, int classes)
    {
        var random = new Random(1);
        byte[] pixels = new byte[rows * features];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)Math.Max(0, random.Next(-1020, 256));
        int[] labels = new int[rows];
        for (int i = 0; i < labels.Length; i++) labels[i] = i % classes;
        return Dataset.FromBytes(pixels, labels, features, classes);
    }
}

using BinaryConnect.Data;

namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>The pixels of a data set as bytes, before scale and shift.</summary>
internal static class Pixels
{
    /// <summary>The pixels of all rows, [n, f].</summary>
    public static byte[] Of(Dataset images)
    {
        float[] row = new float[images.FeatureCount];
        byte[] pixels = new byte[images.Count * row.Length];
        for (int i = 0, next = 0; i < images.Count; i++)
        {
            images.CopyRow(i, row);
            foreach (float value in row) pixels[next++] = (byte)MathF.Round((value - images.Shift) / images.Scale);
        }

        return pixels;
    }
}

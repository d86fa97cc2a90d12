using BinaryConnect.Data;

namespace BinaryConnect.Onnx.Tests;

/// <summary>MNIST's 10,000 test images.</summary>
internal static class TestImages
{
    public const int Count = 10_000, Features = 784, Classes = 10;

    private static readonly Lazy<byte[]> LazyBytes = new(Read);

    /// <summary>The pixels, [10000, 784].</summary>
    public static byte[] Bytes => LazyBytes.Value;

    /// <summary>The pixels as features of a model, [10000, 784].</summary>
    public static float[] Scaled(float scale, float shift) => Array.ConvertAll(Bytes, value => value * scale + shift);

    private static byte[] Read()
    {
        Dataset test = MnistData.Tutorial.Test;
        float[] row = new float[Features];
        byte[] bytes = new byte[Count * Features];
        for (int i = 0, next = 0; i < Count; i++)
        {
            test.CopyRow(i, row);
            foreach (float value in row) bytes[next++] = (byte)MathF.Round((value - test.Shift) / test.Scale);
        }

        return bytes;
    }
}

using BinaryConnect.Data;

namespace BinaryConnect.Tests.Support;

/// <summary>Small data sets: random features, where the column of the label's number has larger values.</summary>
internal static class SmallData
{
    public const int Features = 6;
    public const int Classes = 3;

    public static Dataset Floats(int rows, int seed = 1) =>
        Dataset.FromFloats(FloatFeatures(rows, seed), Numbers.Labels(seed, rows, Classes), Features, Classes);

    public static Dataset Bytes(int rows, int seed = 1) => Dataset.FromBytes(
        Array.ConvertAll(FloatFeatures(rows, seed), value => (byte)(value * 255)), Numbers.Labels(seed, rows, Classes), Features,
        Classes);

    private static float[] FloatFeatures(int rows, int seed)
    {
        float[] features = Numbers.Uniform(seed, rows * Features, 0, 0.5f);
        int[] labels = Numbers.Labels(seed, rows, Classes);
        for (int i = 0; i < rows; i++) features[i * Features + labels[i]] += 0.4f;
        return features;
    }
}

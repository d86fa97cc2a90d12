using System.Runtime.InteropServices;
using BinaryConnect.Data;
using BinaryConnect.Inference;

namespace BinaryConnect.KernelChecks;

/// <summary>
/// A packed network of bits against its definition: classes and scores to the bit, whichever kernels its layers take.
/// </summary>
internal static class PackedBitsChecks
{
    private const float InputScale = 1f / byte.MaxValue;
    private static readonly int[] Sizes = [784, 96, 330, 10], Rows = [1, 3, 4, 70];

    public static void Run(Report report)
    {
        PackedModel model = Model(Sizes);
        byte[] rows = new byte[Rows[^1] * Sizes[0]];
        new Random(7).NextBytes(rows);

        // Blanks of images: whole groups of zeros, in some rows or in all.
        for (int i = 0; i < rows.Length; i++) if (i % 100 < 40 || i / Sizes[0] % 3 == 0 && i % 50 < 40) rows[i] = 0;
        rows.AsSpan(0, Sizes[0]).Clear();
        foreach (int count in Rows)
            report.Count($"PackedModel of bits, {count} rows", Differ(model, rows.AsSpan(0, count * Sizes[0])));
    }

    /// <summary>Writes the scores of all images of an IDX file, and may compare them with the definition.</summary>
    public static void WriteScores(string images, string path, bool isChecked)
    {
        ReadOnlySpan<byte> bytes = IdxReader.Read(images).Values.Span;
        PackedModel model = Model([Sizes[0], 96, 96, 10]);
        float[] scores = new float[bytes.Length / Sizes[0] * model.ClassCount];
        model.Scores(bytes, scores);
        File.WriteAllBytes(path, MemoryMarshal.AsBytes<float>(scores));
        if (!isChecked) return;
        Console.WriteLine(Differ(model, bytes) ?? $"{bytes.Length / Sizes[0]} rows have the definition's classes and scores.");
    }

    private static string? Differ(PackedModel model, ReadOnlySpan<byte> rows)
    {
        int inputs = model.FeatureCount, count = rows.Length / inputs;
        float[] scores = new float[count * model.ClassCount];
        int[] classes = new int[count];
        model.Scores(rows, scores);
        model.Predict(rows, classes);
        for (int i = 0; i < count; i++)
        {
            float[] expected = Scores(model, rows.Slice(i * inputs, inputs));
            string? fault = Compare.Same(scores.AsSpan(i * expected.Length, expected.Length), expected, $"row {i}");
            if (fault is not null) return fault;
            if (classes[i] != Array.IndexOf(expected, expected.Max())) return $"row {i}: class {classes[i]}";
        }

        return null;
    }

    // The integers of each layer one by one; signs in double precision, and scores as a product and a sum of floats.
    private static float[] Scores(PackedModel model, ReadOnlySpan<byte> row)
    {
        int[] values = Array.ConvertAll(row.ToArray(), value => (int)value);
        double unit = model.InputScale;
        foreach (PackedLayer layer in model.Layers)
        {
            int[] sums = new int[layer.Outputs];
            for (int j = 0; j < sums.Length; j++)
            {
                ReadOnlySpan<byte> bits = layer.SignBits.Span.Slice(j * layer.BytesPerRow, layer.BytesPerRow);
                for (int k = 0; k < values.Length; k++) sums[j] += (bits[k / 8] >> k % 8 & 1) != 0 ? values[k] : -values[k];
            }

            if (!layer.HasSignOutput)
                return [.. sums.Select((sum, j) => sum * layer.Scale.Span[j] + layer.Offset.Span[j])];
            values = [.. sums.Select((sum, j) => sum * (layer.Scale.Span[j] * unit) + layer.Offset.Span[j] >= 0 ? 1 : -1)];
            unit = 1;
        }

        throw new InvalidOperationException("The last layer gives signs.");
    }

    // Random signs; scales of either sign, and offsets near the sums.
    private static PackedModel Model(int[] sizes)
    {
        var random = new Random(11);
        var layers = new PackedLayer[sizes.Length - 1];
        for (int i = 0; i < layers.Length; i++)
        {
            int inputs = sizes[i], outputs = sizes[i + 1], stride = (inputs + 7) / 8;
            byte[] bits = new byte[outputs * stride];
            random.NextBytes(bits);
            for (int j = 0; inputs % 8 != 0 && j < outputs; j++) bits[(j + 1) * stride - 1] &= (byte)((1 << inputs % 8) - 1);
            float[] scale = [.. Enumerable.Range(0, outputs).Select(_ => random.Next(-3, 4) / 8f)];
            float[] offset = [.. Enumerable.Range(0, outputs).Select(_ => random.Next(-40, 41) / 16f)];
            layers[i] = new PackedLayer(
                inputs, outputs, bits, default, scale, offset, float.NegativeInfinity, float.PositiveInfinity)
            {
                HasSignOutput = i < layers.Length - 1,
            };
        }

        return new PackedModel(new FeatureShape(sizes[0]), InputScale, 0, layers);
    }
}

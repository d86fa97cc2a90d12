using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Inference.Execution;

namespace BinaryConnect.Inference;

/// <summary>Measures the activations of a packed model, and rounds them to bytes.</summary>
internal static class ActivationPacker
{
    // Rows whose activations choose the scales.
    private const int MostRows = 1_000;

    /// <summary>The model of the same layers, whose hidden products of signs take bytes.</summary>
    public static ActivationPacking Pack(PackedModel model, Dataset calibration)
    {
        int[] exact = new int[calibration.Count], rounded = new int[calibration.Count];
        model.Predict(calibration, exact);
        PackedLayer[] layers = WithBytes(model, Spread(calibration), RowsOf(calibration));
        var packed = new PackedModel(model.InputShape, model.InputScale, model.InputShift, layers, model.ClassNames);
        packed.Predict(calibration, rounded);
        int changed = 0;
        for (int i = 0; i < exact.Length; i++) changed += exact[i] != rounded[i] ? 1 : 0;
        return new ActivationPacking(
            packed,
            PackedPrediction.ShareOf(exact, calibration.Labels),
            PackedPrediction.ShareOf(rounded, calibration.Labels),
            changed,
            exact.Length);
    }

    private static int RowsOf(Dataset data) => Math.Min(data.Count, MostRows);

    // Rows from all of the data set, which may be in the order of its classes.
    private static float[] Spread(Dataset data)
    {
        int rows = RowsOf(data), features = data.FeatureCount;
        float[] x = new float[Length(rows, features)];
        for (int i = 0; i < rows; i++)
            data.CopyRow((int)((long)i * data.Count / rows), x.AsSpan(i * features, features));
        return x;
    }

    private static int Length(int rows, int values) =>
        Guard.Product(rows, values, Array.MaxLength, "rows", "values of a row");

    // Values before the first product are features, which stay as they are.
    private static PackedLayer[] WithBytes(PackedModel model, float[] x, int rows)
    {
        PackedLayer[] layers = [.. model.Layers.Select(layer => layer with { InputBytes = null })];
        LayerKernel[] kernels = [.. layers.Select(layer => new LayerKernel(layer, null))];
        int firstProduct = Array.FindIndex(layers, layer => !layer.SignBits.IsEmpty || !layer.Weights.IsEmpty);
        var memory = new LayerMemory(LayerNeeds.Of(kernels.Select(kernel => kernel.Needs)), rows);
        for (int i = 0; i < layers.Length - 1; i++)
        {
            float[] y = new float[Length(rows, layers[i].Outputs)];
            kernels[i].Run(x, y, memory);
            x = y;
            if (firstProduct <= i && !layers[i].HasSignOutput && !layers[i + 1].SignBits.IsEmpty)
                layers[i + 1] = layers[i + 1] with { InputBytes = ActivationRange.Of(x) };
        }

        return layers;
    }
}

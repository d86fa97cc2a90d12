using BinaryConnect.Data;
using BinaryConnect.Guards;

namespace BinaryConnect.Inference;

/// <summary>Predictions of a packed model for whole data sets.</summary>
public static class PackedPrediction
{
    // Rows of floats that are copied together.
    private const int BlockRows = 256;

    /// <summary>The class with the greatest score of each row of a data set, the first of equals.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">Rows of f features. Bytes are read as they are where their scaling is the model's.</param>
    /// <param name="classes">Takes the classes, [n].</param>
    /// <param name="maxDegreeOfParallelism">The most threads, the caller's among them; at least 1.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// The feature counts differ, or the length of the classes is not n.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxDegreeOfParallelism"/> is below 1.</exception>
    public static void Predict(this PackedModel model, Dataset data, Span<int> classes, int maxDegreeOfParallelism = 1)
    {
        Check(model, data, nameof(data));
        Guard.Length(classes.Length, data.Count, nameof(classes), "the number of rows");
        if (data.HasBytes && data.Scale == model.InputScale && data.Shift == model.InputShift)
        {
            model.Predict(data.Bytes, classes, maxDegreeOfParallelism);
            return;
        }

        int features = data.FeatureCount;
        float[] rows = new float[Guard.Product(
            Math.Min(BlockRows, data.Count), features, Array.MaxLength, "rows", "features")];
        for (int start = 0; start < data.Count; start += BlockRows)
        {
            int count = Math.Min(BlockRows, data.Count - start);
            for (int i = 0; i < count; i++) data.CopyRow(start + i, rows.AsSpan(i * features, features));
            model.Predict(rows.AsSpan(0, count * features), classes.Slice(start, count), maxDegreeOfParallelism);
        }
    }

    /// <summary>The share of rows whose predicted class is their label.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">Rows of f features.</param>
    /// <param name="maxDegreeOfParallelism">The most threads, the caller's among them; at least 1.</param>
    /// <returns>The accuracy, 0 to 1.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The feature counts differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxDegreeOfParallelism"/> is below 1.</exception>
    public static double Accuracy(this PackedModel model, Dataset data, int maxDegreeOfParallelism = 1)
    {
        Check(model, data, nameof(data));
        int[] classes = new int[data.Count];
        model.Predict(data, classes, maxDegreeOfParallelism);
        return ShareOf(classes, data.Labels);
    }

    /// <summary>The share of classes that are the labels.</summary>
    internal static double ShareOf(ReadOnlySpan<int> classes, ReadOnlySpan<int> labels)
    {
        int right = 0;
        for (int i = 0; i < labels.Length; i++) right += classes[i] == labels[i] ? 1 : 0;
        return (double)right / labels.Length;
    }

    /// <summary>Throws unless a data set fits a model.</summary>
    internal static void Check(PackedModel model, Dataset data, string name)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data, name);
        if (data.FeatureCount != model.FeatureCount)
            throw new ArgumentException(
                $"'{name}' has {data.FeatureCount:N0} features; it must have as many as the model, {model.FeatureCount:N0}.",
                name);
    }
}

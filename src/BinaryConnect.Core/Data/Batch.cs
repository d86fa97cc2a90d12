using BinaryConnect.Guards;

namespace BinaryConnect.Data;

/// <summary>A view of some examples: features [n, f] row by row and one label per row. It owns nothing.</summary>
public readonly ref struct Batch
{
    /// <summary>Views the given memory as a batch.</summary>
    /// <param name="features">The inputs X, [n, f] row-major; f is <c>features.Length / labels.Length</c>.</param>
    /// <param name="labels">The class of each row, [n], n ≥ 1.</param>
    /// <exception cref="ArgumentException"><paramref name="labels"/> is empty, or <paramref name="features"/> is no whole number of values per label.</exception>
    public Batch(ReadOnlySpan<float> features, ReadOnlySpan<int> labels)
    {
        Guard.AtLeast(labels.Length, 1, "labels.Length");
        FeatureCount = Guard.Rows(features.Length, labels.Length, nameof(features), "labels.Length");
        Features = features;
        Labels = labels;
    }

    /// <summary>The inputs X, [n, f] row-major.</summary>
    public ReadOnlySpan<float> Features { get; }

    /// <summary>The class of each row, [n].</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>The number of rows, n.</summary>
    public int Count => Labels.Length;

    /// <summary>The number of features of a row, f.</summary>
    public int FeatureCount { get; }
}

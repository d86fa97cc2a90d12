using BinaryConnect.Guards;
using BinaryConnect.Kernels.Rows;

namespace BinaryConnect.Data;

/// <summary>
/// A view of some examples: features [n, f] row by row, and one label per row, or none. Features are floats, or bytes
/// that stand for <c>byte · Scale + Shift</c>. It owns nothing.
/// </summary>
public readonly ref struct Batch
{
    /// <summary>Views the given memory as a batch.</summary>
    /// <param name="features">The inputs X, [n, f] row-major; f is <c>features.Length / labels.Length</c>.</param>
    /// <param name="labels">The class of each row, [n], n ≥ 1.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="labels"/> is empty, or <paramref name="features"/> is not a whole number of values per label.
    /// </exception>
    public Batch(ReadOnlySpan<float> features, ReadOnlySpan<int> labels)
    {
        Guard.AtLeast(labels.Length, 1, "labels.Length");
        FeatureCount = Guard.Rows(features.Length, labels.Length, nameof(features), "labels.Length");
        Features = features;
        Labels = labels;
        Count = labels.Length;
        Scale = 1;
    }

    /// <summary>Views the given memory as a batch without labels, to predict.</summary>
    /// <param name="features">The inputs X, [n, f] row-major.</param>
    /// <param name="count">The number of rows, n ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="features"/> is not a whole number of values per row.
    /// </exception>
    public Batch(ReadOnlySpan<float> features, int count)
    {
        Guard.AtLeast(count, 1, nameof(count));
        FeatureCount = Guard.Rows(features.Length, count, nameof(features), nameof(count));
        Features = features;
        Count = count;
        Scale = 1;
    }

    /// <summary>Views the given bytes as a batch without labels, to predict.</summary>
    /// <param name="bytes">The inputs, [n, f] row-major.</param>
    /// <param name="count">The number of rows, n ≥ 1.</param>
    /// <param name="scale">The factor of a byte.</param>
    /// <param name="shift">The summand after scaling.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="count"/> is below 1, scale or shift is not finite, or scale is 0.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="bytes"/> is not a whole number of values per row.
    /// </exception>
    public Batch(ReadOnlySpan<byte> bytes, int count, float scale, float shift)
    {
        Guard.AtLeast(count, 1, nameof(count));
        FeatureCount = Guard.Rows(bytes.Length, count, nameof(bytes), nameof(count));
        Guard.Scaling(scale, shift);
        Bytes = new ByteRows(bytes, FeatureCount);
        Count = count;
        Scale = scale;
        Shift = shift;
        HasBytes = true;
    }

    /// <summary>Views the given bytes as a batch.</summary>
    /// <param name="bytes">The inputs, [n, f] row-major; f is <c>bytes.Length / labels.Length</c>.</param>
    /// <param name="labels">The class of each row, [n], n ≥ 1.</param>
    /// <param name="scale">The factor of a byte.</param>
    /// <param name="shift">The summand after scaling.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="labels"/> is empty, or <paramref name="bytes"/> is not a whole number of values per label.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">Scale or shift is not finite, or scale is 0.</exception>
    public Batch(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> labels, float scale, float shift)
    {
        Guard.AtLeast(labels.Length, 1, "labels.Length");
        FeatureCount = Guard.Rows(bytes.Length, labels.Length, nameof(bytes), "labels.Length");
        Guard.Scaling(scale, shift);
        Bytes = new ByteRows(bytes, FeatureCount);
        Labels = labels;
        Count = labels.Length;
        Scale = scale;
        Shift = shift;
        HasBytes = true;
    }

    /// <summary>Views rows of a table of bytes as a batch.</summary>
    internal Batch(ByteRows rows, ReadOnlySpan<int> labels, float scale, float shift)
    {
        FeatureCount = rows.Width;
        Bytes = rows;
        Labels = labels;
        Count = labels.Length;
        Scale = scale;
        Shift = shift;
        HasBytes = true;
    }

    /// <summary>Whether the features are bytes.</summary>
    public bool HasBytes { get; }

    /// <summary>One row of a batch of bytes, [f]. Rows need not be contiguous.</summary>
    /// <param name="row">The number of the row, from 0.</param>
    /// <returns>A view of the row.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row of bytes.</exception>
    public ReadOnlySpan<byte> ByteRow(int row)
    {
        if ((uint)row >= (uint)Bytes.Count)
            throw new ArgumentOutOfRangeException(
                nameof(row),
                $"'row' is {row:N0}; it must be at least 0 and below the number of rows of bytes, {Bytes.Count:N0}.");
        return Bytes[row];
    }

    /// <summary>The rows of bytes; none for a batch of floats.</summary>
    internal ByteRows Bytes { get; }

    /// <summary>The factor of a byte; 1 for floats.</summary>
    public float Scale { get; }

    /// <summary>The summand after scaling; 0 for floats.</summary>
    public float Shift { get; }

    /// <summary>The inputs X as floats, [n, f] row-major; empty for a batch of bytes.</summary>
    public ReadOnlySpan<float> Features { get; }

    /// <summary>The class of each row, [n]; empty for a batch without labels.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>The number of rows, n.</summary>
    public int Count { get; }

    /// <summary>The number of features of a row, f.</summary>
    public int FeatureCount { get; }

    /// <summary>The rows of the next batch, if they are known and worth copying during this one.</summary>
    internal NextBatchRows Ahead { get; init; }
}

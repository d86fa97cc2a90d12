using BinaryConnect.Guards;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Settings;

namespace BinaryConnect.Data;

/// <summary>
/// Labelled examples: features [n, f] and a class per row. Bytes are stored as bytes, and read as
/// <c>byte · Scale + Shift</c>; floats are read as they are. Features are viewed, not copied, and must not change while
/// the data set is in use. Labels are copied. Immutable, and safe from any number of threads.
/// </summary>
public sealed class Dataset : IDescribable
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ReadOnlyMemory<float> _floats;
    private readonly ReadOnlyMemory<int> _labels;

    private Dataset(
        ReadOnlyMemory<byte> bytes,
        ReadOnlyMemory<float> floats,
        ReadOnlyMemory<int> labels,
        int featureCount,
        int classCount,
        float scale,
        float shift,
        IReadOnlyList<string>? classNames = null)
    {
        _bytes = bytes;
        _floats = floats;
        _labels = labels;
        FeatureCount = featureCount;
        ClassCount = classCount;
        Scale = scale;
        Shift = shift;
        ClassNames = classNames;
    }

    /// <summary>The number of rows, n.</summary>
    public int Count => _labels.Length;

    /// <summary>The number of features of a row, f.</summary>
    public int FeatureCount { get; }

    /// <summary>The number of classes; labels are from 0 to one below it.</summary>
    public int ClassCount { get; }

    /// <summary>Whether the features are stored as bytes.</summary>
    public bool HasBytes => _floats.IsEmpty && !_bytes.IsEmpty;

    /// <summary>The factor of a byte; 1 for floats.</summary>
    public float Scale { get; }

    /// <summary>The summand after scaling; 0 for floats.</summary>
    public float Shift { get; }

    /// <summary>The name of each class, [c]; null for none. Names change no result.</summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>The class of each row, [n].</summary>
    public ReadOnlySpan<int> Labels => _labels.Span;

    /// <summary>Creates a data set of bytes, such as pixels.</summary>
    /// <param name="features">The inputs, [n, f] row-major.</param>
    /// <param name="labels">The class of each row, [n], in [0, <paramref name="classCount"/>).</param>
    /// <param name="featureCount">f, at least 1.</param>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="scale">The factor of a byte; 1/255 maps pixels to [0, 1].</param>
    /// <param name="shift">The summand after scaling.</param>
    /// <returns>A view of the given features, with a copy of the labels.</returns>
    /// <exception cref="ArgumentException">
    /// There are no rows, the lengths do not fit together or a label is out of range.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A count is too small, scale or shift is not finite, or scale is 0.
    /// </exception>
    public static Dataset FromBytes(
        ReadOnlyMemory<byte> features,
        ReadOnlyMemory<int> labels,
        int featureCount,
        int classCount,
        float scale = 1f / 255,
        float shift = 0)
    {
        int[] own = CheckedCopy(features.Length, labels, featureCount, classCount);
        Guard.Scaling(scale, shift);
        return new Dataset(features, default, own, featureCount, classCount, scale, shift);
    }

    /// <summary>Creates a data set of floats.</summary>
    /// <param name="features">The inputs, [n, f] row-major, all finite.</param>
    /// <param name="labels">The class of each row, [n], in [0, <paramref name="classCount"/>).</param>
    /// <param name="featureCount">f, at least 1.</param>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <returns>A view of the given features, with a copy of the labels.</returns>
    /// <exception cref="ArgumentException">
    /// There are no rows, the lengths do not fit together, a label is out of range or a feature is NaN or infinite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A count is too small.</exception>
    public static Dataset FromFloats(
        ReadOnlyMemory<float> features, ReadOnlyMemory<int> labels, int featureCount, int classCount)
    {
        int[] own = CheckedCopy(features.Length, labels, featureCount, classCount);
        ReadOnlySpan<float> values = features.Span;
        if (!FiniteCheck.All(values))
        {
            int at = 0;
            while (float.IsFinite(values[at])) at++;
            throw new ArgumentException(
                $"'features' has {values[at]} at row {at / featureCount:N0}, column {at % featureCount:N0}; "
                + "every feature must be finite.",
                nameof(features));
        }

        return new Dataset(default, features, own, featureCount, classCount, 1, 0);
    }

    /// <summary>
    /// Splits the data set in two without copying: the first <paramref name="count"/> rows, and the rest.
    /// </summary>
    /// <param name="count">The number of rows in the first part, from 1 to <see cref="Count"/> − 1.</param>
    /// <returns>The two parts, views of the same memory.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A part would be empty.</exception>
    public (Dataset First, Dataset Second) Split(int count)
    {
        if (count < 1 || count >= Count)
            throw new ArgumentOutOfRangeException(
                nameof(count),
                $"'count' is {count:N0}; it must leave both parts a row, so be from 1 to {Count - 1:N0}.");
        return (Slice(0, count), Slice(count, Count - count));
    }

    /// <summary>The first <paramref name="count"/> rows, without copying.</summary>
    /// <param name="count">The number of rows, from 1 to <see cref="Count"/>.</param>
    /// <returns>A view of the same memory.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of range.</exception>
    public Dataset Take(int count)
    {
        if (count < 1 || count > Count)
            throw new ArgumentOutOfRangeException(
                nameof(count), $"'count' is {count:N0}; it must be from 1 to the number of rows, {Count:N0}.");
        return Slice(0, count);
    }

    /// <summary>The same rows, in the same memory, with names for the classes.</summary>
    /// <param name="names">A name for each class, [c], no two the same; copied.</param>
    /// <returns>A view of the same memory.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="names"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// There is not one name for each class, or a name is empty, there twice, or no whole Unicode text.
    /// </exception>
    public Dataset WithClassNames(params IReadOnlyList<string> names) => new(
        _bytes, _floats, _labels, FeatureCount, ClassCount, Scale, Shift, Guard.ClassNames(names, ClassCount, nameof(names)));

    /// <summary>Copies rows, in any order. A row may be there several times. Bytes stay bytes.</summary>
    /// <param name="rows">The numbers of the rows, from 0; at least one.</param>
    /// <returns>A data set in memory of its own.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="rows"/> is empty, or asks for more values than an array holds.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not that of a row.</exception>
    public Dataset Select(ReadOnlySpan<int> rows)
    {
        if (rows.IsEmpty)
            throw new ArgumentException("'rows' is empty; a data set must have at least one row.", nameof(rows));
        for (int i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] >= (uint)Count)
                throw new ArgumentOutOfRangeException(
                    nameof(rows),
                    $"'rows' has {rows[i]:N0} at {i:N0}; it must be at least 0 and below the number of rows, {Count:N0}.");
        }

        Guard.Product(rows.Length, FeatureCount, Array.MaxLength, "rows.Length", nameof(FeatureCount));
        int[] labels = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++) labels[i] = Labels[rows[i]];
        return new Dataset(
            HasBytes ? Gather(_bytes.Span, rows) : default(ReadOnlyMemory<byte>),
            HasBytes ? default(ReadOnlyMemory<float>) : Gather(_floats.Span, rows),
            labels,
            FeatureCount,
            ClassCount,
            Scale,
            Shift,
            ClassNames);
    }

    /// <summary>
    /// Reads one row: effectively computes <c>destination[j] = byte[row, j] · Scale + Shift</c>, or copies the floats.
    /// </summary>
    /// <param name="row">The number of the row, from 0.</param>
    /// <param name="destination">The features of the row, [f].</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="row"/> is not a row of the data set.
    /// </exception>
    /// <exception cref="ArgumentException">The length of <paramref name="destination"/> is not f.</exception>
    public void CopyRow(int row, Span<float> destination)
    {
        if ((uint)row >= (uint)Count)
            throw new ArgumentOutOfRangeException(
                nameof(row), $"'row' is {row:N0}; it must be at least 0 and below the number of rows, {Count:N0}.");
        Guard.Length(destination.Length, FeatureCount, nameof(destination), "the data set's feature count");
        Read(row, 1, destination);
    }

    string IDescribable.Kind => HasBytes ? "bytes" : "floats";

    void IDescribable.Describe(SettingsWriter to)
    {
        to.Write("rows", Count);
        to.Write("features", FeatureCount);
        to.Write("classes", ClassCount);
        to.Write("scale", Scale);
        to.Write("shift", Shift);
        to.Write("fingerprint", FingerprintText);
    }

    /// <summary>
    /// Views <paramref name="count"/> consecutive rows: floats in place, bytes as floats in <paramref name="buffer"/>.
    /// </summary>
    internal Batch View(int start, int count, Span<float> buffer)
    {
        if (!HasBytes) return ViewRaw(start, count);
        Span<float> features = buffer[..(count * FeatureCount)];
        Read(start, count, features);
        return new Batch(features, Labels.Slice(start, count));
    }

    /// <summary>Views consecutive rows as they are stored, bytes as bytes.</summary>
    internal Batch ViewRaw(int start, int count)
    {
        ReadOnlySpan<int> labels = Labels.Slice(start, count);
        int from = start * FeatureCount, length = count * FeatureCount;
        return HasBytes
            ? new Batch(_bytes.Span.Slice(from, length), labels, Scale, Shift)
            : new Batch(_floats.Span.Slice(from, length), labels);
    }

    /// <summary>Identifies the data set by its content, without sizes and scaling.</summary>
    internal string FingerprintText =>
        HasBytes ? Fingerprint.Of(Labels, _bytes.Span) : Fingerprint.Of(Labels, _floats.Span);

    /// <summary>The bytes of all rows; empty for floats.</summary>
    internal ReadOnlySpan<byte> Bytes => _bytes.Span;

    private void Read(int start, int count, Span<float> destination)
    {
        int from = start * FeatureCount, length = count * FeatureCount;
        if (HasBytes) ByteToFloat.Widen(_bytes.Span.Slice(from, length), Scale, Shift, destination);
        else _floats.Span.Slice(from, length).CopyTo(destination);
    }

    private Dataset Slice(int start, int count)
    {
        int from = start * FeatureCount, length = count * FeatureCount;
        return new Dataset(
            HasBytes ? _bytes.Slice(from, length) : default,
            HasBytes ? default : _floats.Slice(from, length),
            _labels.Slice(start, count),
            FeatureCount,
            ClassCount,
            Scale,
            Shift,
            ClassNames);
    }

    private T[] Gather<T>(ReadOnlySpan<T> features, ReadOnlySpan<int> rows)
    {
        var values = new T[checked(rows.Length * FeatureCount)];
        for (int i = 0; i < rows.Length; i++)
            features.Slice(rows[i] * FeatureCount, FeatureCount).CopyTo(values.AsSpan(i * FeatureCount));
        return values;
    }

    // Later code relies on labels in range. So the check reads the copy, which no other code can change.
    private static int[] CheckedCopy(int length, ReadOnlyMemory<int> labels, int featureCount, int classCount)
    {
        Guard.AtLeast(featureCount, 1, nameof(featureCount));
        Guard.AtLeast(classCount, 2, nameof(classCount));
        if (labels.IsEmpty)
            throw new ArgumentException("'labels' is empty; a data set must have at least one row.", nameof(labels));
        int rows = Guard.Rows(length, featureCount, "features", nameof(featureCount));
        Guard.Length(labels.Length, rows, nameof(labels), "one label for each row of 'features'");
        int[] copy = labels.ToArray();
        Guard.Labels(copy, classCount, nameof(labels));
        return copy;
    }
}

using System.Buffers;
using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Softmax;
using BinaryConnect.Models.Networks;

namespace BinaryConnect.Models;

/// <summary>
/// Predictions of any model, as at test time. Several threads may predict where the model's <see cref="IModel.Infer"/>
/// allows it. Nothing is allocated once the buffers are there. The same row may differ in the last bits of its
/// probabilities with the number of rows that are predicted together.
/// </summary>
public static class Prediction
{
    // Rows computed together; fewer for a model of very many classes or features.
    private const int MostRows = 128, MostValues = 1 << 22;

    /// <summary>The most probable class of one row: argmax_k z[k], the first of equals.</summary>
    /// <param name="model">The model.</param>
    /// <param name="features">x, [f].</param>
    /// <returns>The class, in [0, c).</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="features"/> has another length than f.</exception>
    public static int Predict(this IModel model, ReadOnlySpan<float> features)
    {
        ArgumentNullException.ThrowIfNull(model);
        Guard.Length(features.Length, model.FeatureCount, nameof(features), "the model's feature count");
        Span<int> classes = stackalloc int[1];
        model.Predict(features, classes);
        return classes[0];
    }

    /// <summary>The most probable class of one row of bytes that stand for <c>byte · scale + shift</c>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="bytes">[f].</param>
    /// <param name="scale">The factor of a byte.</param>
    /// <param name="shift">The addend after scaling.</param>
    /// <returns>The class, in [0, c).</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="bytes"/> has another length than f, scale or shift is not finite, or scale is 0.
    /// </exception>
    public static int Predict(this IModel model, ReadOnlySpan<byte> bytes, float scale, float shift)
    {
        ArgumentNullException.ThrowIfNull(model);
        Guard.Length(bytes.Length, model.FeatureCount, nameof(bytes), "the model's feature count");
        Span<int> classes = stackalloc int[1];
        model.Predict(bytes, scale, shift, classes);
        return classes[0];
    }

    /// <summary>The most probable class of each row.</summary>
    /// <param name="model">The model.</param>
    /// <param name="features">X, [n, f].</param>
    /// <param name="classes">Takes the classes, [n].</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">The lengths do not fit the model.</exception>
    public static void Predict(this IModel model, ReadOnlySpan<float> features, Span<int> classes)
    {
        int rows = RowsOf(model, features.Length, nameof(features));
        Guard.Length(classes.Length, rows, nameof(classes), "the number of rows");
        using var buffer = new Buffer(model, rows, converts: false);
        for (int start = 0; start < rows; start += buffer.Rows)
        {
            int count = Math.Min(buffer.Rows, rows - start);
            var batch = new Batch(features.Slice(start * model.FeatureCount, count * model.FeatureCount), count);
            buffer.Classify(batch, classes.Slice(start, count));
        }
    }

    /// <summary>The most probable class of each row of bytes that stand for <c>byte · scale + shift</c>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="bytes">[n, f].</param>
    /// <param name="scale">The factor of a byte.</param>
    /// <param name="shift">The addend after scaling.</param>
    /// <param name="classes">Takes the classes, [n].</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit the model, scale or shift is not finite, or scale is 0.
    /// </exception>
    public static void Predict(this IModel model, ReadOnlySpan<byte> bytes, float scale, float shift, Span<int> classes)
    {
        int rows = RowsOf(model, bytes.Length, nameof(bytes));
        Guard.Length(classes.Length, rows, nameof(classes), "the number of rows");
        Guard.Scaling(scale, shift);
        using var buffer = new Buffer(model, rows, converts: true);
        for (int start = 0; start < rows; start += buffer.Rows)
        {
            int count = Math.Min(buffer.Rows, rows - start);
            ReadOnlySpan<byte> some = bytes.Slice(start * model.FeatureCount, count * model.FeatureCount);
            buffer.Classify(buffer.BatchOf(some, count, scale, shift), classes.Slice(start, count));
        }
    }

    /// <summary>The most probable class of each row of a data set.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The rows; their labels are not used.</param>
    /// <param name="classes">Takes the classes, one for each row.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The data or the length do not fit.</exception>
    public static void Predict(this IModel model, Dataset data, Span<int> classes)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        Guard.Length(data.FeatureCount, model.FeatureCount, nameof(data), "the model's feature count");
        Guard.Length(classes.Length, data.Count, nameof(classes), "the number of rows");
        using var buffer = new Buffer(model, data.Count, converts: data.HasBytes);
        for (int start = 0; start < data.Count; start += buffer.Rows)
        {
            int count = Math.Min(buffer.Rows, data.Count - start);
            Batch batch = model.AcceptsBytes ? data.ViewRaw(start, count) : data.View(start, count, buffer.Features);
            buffer.Classify(batch, classes.Slice(start, count));
        }
    }

    /// <summary>Effectively computes <c>P = softmax(z)</c> for rows of inputs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="features">X, [n, f].</param>
    /// <param name="probabilities">P, [n, c]; apart from <paramref name="features"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">The lengths do not fit the model, or the spans overlap.</exception>
    public static void PredictProbabilities(this IModel model, ReadOnlySpan<float> features, Span<float> probabilities)
    {
        int rows = RowsOf(model, features.Length, nameof(features)), classes = model.ClassCount;
        Guard.Area(probabilities.Length, rows, classes, nameof(probabilities), "a row of classes for each row of 'features'");
        Guard.Disjoint(probabilities, features, nameof(probabilities), nameof(features));
        int most = RowsAtOnce(model, rows);
        for (int start = 0; start < rows; start += most)
        {
            int count = Math.Min(most, rows - start);
            var batch = new Batch(features.Slice(start * model.FeatureCount, count * model.FeatureCount), count);
            model.Infer(batch, probabilities.Slice(start * classes, count * classes));
        }

        if (rows > 0) Softmax.Rows(probabilities, classes, probabilities);
    }

    private static int RowsOf(IModel model, int length, string name)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Guard.Rows(length, model.FeatureCount, name, nameof(IModel.FeatureCount));
    }

    private static int RowsAtOnce(IModel model, int rows)
    {
        int most = Math.Min(MostRows, RowLimit.Of(model));
        return Math.Clamp(MostValues / Math.Max(model.ClassCount, model.FeatureCount), 1, Math.Clamp(rows, 1, most));
    }

    // Memory for logits, and for rows of bytes where the model takes floats alone.
    private readonly ref struct Buffer : IDisposable
    {
        private readonly IModel _model;
        private readonly float[] _logits;
        private readonly float[]? _features;

        public Buffer(IModel model, int rows, bool converts)
        {
            _model = model;
            Rows = RowsAtOnce(model, rows);
            _logits = ArrayPool<float>.Shared.Rent(Rows * model.ClassCount);
            _features = converts && !model.AcceptsBytes ? ArrayPool<float>.Shared.Rent(Rows * model.FeatureCount) : null;
        }

        public int Rows { get; }

        public Span<float> Features => _features;

        public Batch BatchOf(ReadOnlySpan<byte> bytes, int count, float scale, float shift)
        {
            if (_features is null) return new Batch(bytes, count, scale, shift);
            Span<float> features = _features.AsSpan(0, bytes.Length);
            ByteToFloat.Widen(bytes, scale, shift, features);
            return new Batch(features, count);
        }

        public void Classify(Batch batch, Span<int> classes)
        {
            int classCount = _model.ClassCount;
            Span<float> logits = _logits.AsSpan(0, batch.Count * classCount);
            _model.Infer(batch, logits);
            for (int i = 0; i < classes.Length; i++)
                classes[i] = TensorPrimitives.IndexOfMax<float>(logits.Slice(i * classCount, classCount));
        }

        public void Dispose()
        {
            ArrayPool<float>.Shared.Return(_logits);
            if (_features is not null) ArrayPool<float>.Shared.Return(_features);
        }
    }
}

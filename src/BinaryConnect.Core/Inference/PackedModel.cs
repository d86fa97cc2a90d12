using System.Buffers;
using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Files;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Softmax;
using BinaryConnect.Threading;

namespace BinaryConnect.Inference;

/// <summary>
/// A network for predictions alone, with one bit for each binarized weight. It never changes, and any number of threads
/// may use it at once. Nothing is allocated per prediction once a thread's buffers are there.
/// </summary>
/// <remarks>
/// Bytes stand for <c>byte · InputScale + InputShift</c>. Sums of ±bytes are exact. The scores of a row
/// may differ in their last bits with the number of rows that are predicted together.
/// </remarks>
public sealed class PackedModel
{
    private readonly FreeSet<PackedRun> _single, _parallel;
    private readonly LayerKernel[] _kernels;
    private volatile int _degree = 1;

    /// <summary>Makes a model from its layers, which are copied.</summary>
    /// <param name="input">The shape of an input row.</param>
    /// <param name="inputScale">What a byte of an input is multiplied by; not 0.</param>
    /// <param name="inputShift">What is added to it.</param>
    /// <param name="layers">The layers, from the inputs on, at least 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="layers"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Scale or shift is not finite, or the scale is 0.</exception>
    /// <exception cref="ArgumentException">
    /// There is no layer, sizes do not fit together, a value is NaN or infinite, or a bit after the last input is 1;
    /// the message names the layer.
    /// </exception>
    public PackedModel(FeatureShape input, float inputScale, float inputShift, IReadOnlyList<PackedLayer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        Guard.Scaling(inputScale, inputShift);
        PackedLayerCheck.Run(input, layers);
        InputShape = input;
        InputScale = inputScale;
        InputShift = inputShift;
        Layers = Array.AsReadOnly<PackedLayer>([.. layers.Select(Copy)]);
        _kernels = [.. Layers.Select((layer, i) => new LayerKernel(layer, i == 0 ? inputScale : 1, i == 0 ? inputShift : 0))];
        _single = new FreeSet<PackedRun>(() => new PackedRun(_kernels, 1));
        _parallel = new FreeSet<PackedRun>(() => new PackedRun(_kernels, _degree));
    }

    /// <summary>The shape of an input row.</summary>
    public FeatureShape InputShape { get; }

    /// <summary>The number of features of an input row, f.</summary>
    public int FeatureCount => InputShape.Length;

    /// <summary>The number of classes, c.</summary>
    public int ClassCount => Layers[^1].Outputs;

    /// <summary>What a byte of an input is multiplied by.</summary>
    public float InputScale { get; }

    /// <summary>What is added to it.</summary>
    public float InputShift { get; }

    /// <summary>The layers, from the inputs on.</summary>
    public IReadOnlyList<PackedLayer> Layers { get; }

    /// <summary>Bytes of signs, weights, scales and offsets of all layers.</summary>
    public long Bytes => Layers.Sum(layer => layer.Bytes);

    /// <summary>Opens a file that <see cref="Save(string)"/> wrote.</summary>
    /// <param name="path">Where it is.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is no packed model, or damaged; the message says what is wrong.
    /// </exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static PackedModel Load(string path)
    {
        using SafetensorsReader file = SafetensorsReader.Open(path, requireChecksum: true);
        return Read(file);
    }

    /// <summary>Reads a model from a stream, from its present position to its end. The stream stays open.</summary>
    /// <param name="stream">Readable and seekable.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException"><paramref name="stream"/> is null or cannot seek.</exception>
    /// <exception cref="InvalidDataException">
    /// It holds no packed model, or is damaged; the message says what is wrong.
    /// </exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static PackedModel Load(Stream stream)
    {
        using SafetensorsReader file = SafetensorsReader.Open(stream, requireChecksum: true);
        return Read(file);
    }

    /// <summary>
    /// Writes the model to a file, as docs/file-formats.md of the project describes it. The file is replaced as a
    /// whole.
    /// </summary>
    /// <param name="path">Where; its folder must exist.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="IOException">The file cannot be written, and is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written, and is as it was.</exception>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Writes the model to a stream, and leaves it open.</summary>
    /// <param name="stream">Writable.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        PackedModelFile.Write(InputShape, InputScale, InputShift, Layers).WriteTo(stream);
    }

    /// <summary>The class with the greatest score, the first of equals.</summary>
    /// <param name="features">x, [f].</param>
    /// <returns>The class, in [0, c).</returns>
    /// <exception cref="ArgumentException"><paramref name="features"/> has another length than f.</exception>
    public int Predict(ReadOnlySpan<float> features)
    {
        Guard.Length(features.Length, FeatureCount, nameof(features), "the model's feature count");
        Span<int> classes = stackalloc int[1];
        Predict(features, classes);
        return classes[0];
    }

    /// <summary>The class with the greatest score, the first of equals.</summary>
    /// <param name="bytes">[f].</param>
    /// <returns>The class, in [0, c).</returns>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> has another length than f.</exception>
    public int Predict(ReadOnlySpan<byte> bytes)
    {
        Guard.Length(bytes.Length, FeatureCount, nameof(bytes), "the model's feature count");
        Span<int> classes = stackalloc int[1];
        Predict(bytes, classes);
        return classes[0];
    }

    /// <summary>The class with the greatest score of each row.</summary>
    /// <param name="features">X, [n, f].</param>
    /// <param name="classes">Takes the classes, [n].</param>
    /// <param name="maxDegreeOfParallelism">The most threads, the caller's among them; at least 1.</param>
    /// <exception cref="ArgumentException">The lengths do not fit the model.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxDegreeOfParallelism"/> is below 1.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<int> classes, int maxDegreeOfParallelism = 1)
    {
        int rows = RowsOf(features.Length, nameof(features));
        Guard.Length(classes.Length, rows, nameof(classes), "the number of rows");
        float[] scores = Rent(rows);
        Scores(features, scores.AsSpan(0, rows * ClassCount), maxDegreeOfParallelism);
        Classify(scores, classes);
    }

    /// <inheritdoc cref="Predict(ReadOnlySpan{float}, Span{int}, int)"/>
    /// <param name="bytes">[n, f].</param>
    /// <param name="classes">Takes the classes, [n].</param>
    /// <param name="maxDegreeOfParallelism">The most threads, the caller's among them; at least 1.</param>
    public void Predict(ReadOnlySpan<byte> bytes, Span<int> classes, int maxDegreeOfParallelism = 1)
    {
        int rows = RowsOf(bytes.Length, nameof(bytes));
        Guard.Length(classes.Length, rows, nameof(classes), "the number of rows");
        float[] scores = Rent(rows);
        Scores(bytes, scores.AsSpan(0, rows * ClassCount), maxDegreeOfParallelism);
        Classify(scores, classes);
    }

    /// <summary>Effectively computes <c>P = softmax(scores)</c> of each row.</summary>
    /// <param name="features">X, [n, f].</param>
    /// <param name="probabilities">P, [n, c]; apart from <paramref name="features"/>.</param>
    /// <param name="maxDegreeOfParallelism">The most threads, the caller's among them; at least 1.</param>
    /// <exception cref="ArgumentException">The lengths do not fit the model, or the spans overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxDegreeOfParallelism"/> is below 1.</exception>
    public void PredictProbabilities(ReadOnlySpan<float> features, Span<float> probabilities, int maxDegreeOfParallelism = 1)
    {
        Scores(features, probabilities, maxDegreeOfParallelism);
        if (!probabilities.IsEmpty) Softmax.Rows(probabilities, ClassCount, probabilities);
    }

    /// <summary>The outputs of the last layer, before any softmax.</summary>
    /// <param name="features">X, [n, f].</param>
    /// <param name="scores">Takes the scores, [n, c]; apart from <paramref name="features"/>.</param>
    /// <param name="maxDegreeOfParallelism">The most threads, the caller's among them; at least 1.</param>
    /// <exception cref="ArgumentException">The lengths do not fit the model, or the spans overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxDegreeOfParallelism"/> is below 1.</exception>
    public void Scores(ReadOnlySpan<float> features, Span<float> scores, int maxDegreeOfParallelism = 1)
    {
        int rows = RowsOf(features.Length, nameof(features));
        Guard.Area(scores.Length, rows, ClassCount, nameof(scores), "a row of classes for each row of inputs");
        Guard.Disjoint(scores, features, nameof(scores), nameof(features));
        PackedRun run = Take(maxDegreeOfParallelism);
        run.Run(features, scores);
        Return(run);
    }

    /// <inheritdoc cref="Scores(ReadOnlySpan{float}, Span{float}, int)"/>
    /// <param name="bytes">[n, f].</param>
    /// <param name="scores">Takes the scores, [n, c].</param>
    /// <param name="maxDegreeOfParallelism">The most threads, the caller's among them; at least 1.</param>
    public void Scores(ReadOnlySpan<byte> bytes, Span<float> scores, int maxDegreeOfParallelism = 1)
    {
        int rows = RowsOf(bytes.Length, nameof(bytes));
        Guard.Area(scores.Length, rows, ClassCount, nameof(scores), "a row of classes for each row of inputs");
        PackedRun run = Take(maxDegreeOfParallelism);
        run.Run(bytes, scores);
        Return(run);
    }

    private static PackedModel Read(SafetensorsReader file)
    {
        (FeatureShape input, float scale, float shift, PackedLayer[] layers) = PackedModelFile.Read(file);
        try
        {
            return new PackedModel(input, scale, shift, layers);
        }
        catch (ArgumentException fault)
        {
            throw file.Fault(fault.Message);
        }
    }

    private static PackedLayer Copy(PackedLayer layer) => layer with
    {
        SignBits = layer.SignBits.ToArray(),
        Weights = layer.Weights.ToArray(),
        Scale = layer.Scale.ToArray(),
        Offset = layer.Offset.ToArray(),
    };

    private int RowsOf(int length, string name) => Guard.Rows(length, FeatureCount, name, nameof(FeatureCount));

    private float[] Rent(int rows) =>
        ArrayPool<float>.Shared.Rent(Guard.Product(rows, ClassCount, Array.MaxLength, "rows", nameof(ClassCount)));

    private void Classify(float[] scores, Span<int> classes)
    {
        for (int i = 0; i < classes.Length; i++)
            classes[i] = TensorPrimitives.IndexOfMax<float>(scores.AsSpan(i * ClassCount, ClassCount));
        ArrayPool<float>.Shared.Return(scores);
    }

    private PackedRun Take(int degree)
    {
        Guard.AtLeast(degree, 1, "maxDegreeOfParallelism");
        if (degree == 1) return _single.Take();
        _degree = degree;
        PackedRun run = _parallel.Take();
        return run.Degree == degree ? run : new PackedRun(_kernels, degree);
    }

    private void Return(PackedRun run)
    {
        if (run.Degree == 1) _single.Return(run);
        else if (run.Degree == _degree) _parallel.Return(run);
    }
}

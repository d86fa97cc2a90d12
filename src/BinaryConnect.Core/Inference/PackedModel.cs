using System.Buffers;
using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Files;
using BinaryConnect.Guards;
using BinaryConnect.Inference.Execution;
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
    // Those of one thread are apart, so that a caller that asks for more drops none of them.
    private readonly FreeSet<PackedRun> _single = new(), _parallel = new();
    private readonly LayerKernel[] _kernels;

    /// <summary>Makes a model from its layers, which are copied.</summary>
    /// <param name="input">The shape of an input row.</param>
    /// <param name="inputScale">What a byte of an input is multiplied by; not 0.</param>
    /// <param name="inputShift">What is added to it.</param>
    /// <param name="layers">The layers, from the inputs on, at least 1.</param>
    /// <param name="classNames">The name of each class, [c]; null for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="layers"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Scale or shift is not finite, or the scale is 0.</exception>
    /// <exception cref="ArgumentException">
    /// There is no layer, sizes do not fit together, a value is NaN or infinite, or a bit after the last input is 1;
    /// the message names the layer. There is not one name for each class, or a name is empty or there twice.
    /// </exception>
    public PackedModel(
        FeatureShape input,
        float inputScale,
        float inputShift,
        IReadOnlyList<PackedLayer> layers,
        IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(layers);
        Guard.Scaling(inputScale, inputShift);
        PackedLayerCheck.Run(input, layers);
        if (classNames is not null) ClassNames = Guard.ClassNames(classNames, layers[^1].Outputs, nameof(classNames));
        InputShape = input;
        InputScale = inputScale;
        InputShift = inputShift;
        Layers = Array.AsReadOnly<PackedLayer>([.. layers.Select(Copy)]);
        _kernels = [.. Layers.Select((layer, i) => new LayerKernel(
            layer,
            i == 0 ? new ByteScaling(inputScale, inputShift) : layer.InputBytes,
            i > 0 ? Layers[i - 1] : null,
            i < Layers.Count - 1 ? Layers[i + 1] : null))];
    }

    /// <summary>The shape of an input row.</summary>
    public FeatureShape InputShape { get; }

    /// <summary>The number of features of an input row, f.</summary>
    public int FeatureCount => InputShape.Length;

    /// <summary>The number of classes, c.</summary>
    public int ClassCount => Layers[^1].Outputs;

    /// <summary>The name of each class, [c]; null for none.</summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>What a byte of an input is multiplied by.</summary>
    public float InputScale { get; }

    /// <summary>What is added to it.</summary>
    public float InputShift { get; }

    /// <summary>The layers, from the inputs on.</summary>
    public IReadOnlyList<PackedLayer> Layers { get; }

    /// <summary>
    /// The bits of a value between layers: 1 where a layer before the last gives signs, 8 where a layer rounds its
    /// inputs to bytes, else 32.
    /// </summary>
    public int ActivationBits =>
        Layers.SkipLast(1).Any(layer => layer.HasSignOutput) ? 1 : Layers.Any(layer => layer.InputBytes is not null) ? 8 : 32;

    /// <summary>Bytes of signs, weights, scales and offsets of all layers.</summary>
    public long Bytes => Layers.Sum(layer => layer.Bytes);

    /// <summary>The layers in the layout of their kernels.</summary>
    internal IReadOnlyList<LayerKernel> Kernels => _kernels;

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
        PackedModelFile.Write(InputShape, InputScale, InputShift, Layers, ClassNames).WriteTo(stream);
    }

    /// <summary>The class with the greatest score, the first of equals.</summary>
    /// <param name="features">x, [f].</param>
    /// <returns>The class, in [0, c).</returns>
    /// <exception cref="ArgumentException"><paramref name="features"/> has another length than f.</exception>
    public int Predict(ReadOnlySpan<float> features) => PredictRow(features, nameof(features));

    /// <summary>The class with the greatest score, the first of equals.</summary>
    /// <param name="bytes">[f].</param>
    /// <returns>The class, in [0, c).</returns>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> has another length than f.</exception>
    public int Predict(ReadOnlySpan<byte> bytes) => PredictRow(bytes, nameof(bytes));

    /// <summary>The class with the greatest score of each row.</summary>
    /// <param name="features">X, [n, f].</param>
    /// <param name="classes">Takes the classes, [n].</param>
    /// <param name="maxDegreeOfParallelism">The most threads, the caller's among them; at least 1.</param>
    /// <exception cref="ArgumentException">The lengths do not fit the model.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxDegreeOfParallelism"/> is below 1.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<int> classes, int maxDegreeOfParallelism = 1) =>
        PredictRows(features, nameof(features), classes, maxDegreeOfParallelism);

    /// <inheritdoc cref="Predict(ReadOnlySpan{float}, Span{int}, int)" path="/*[not(self::param)]"/>
    /// <param name="bytes">[n, f].</param>
    /// <param name="classes">Takes the classes, [n].</param>
    /// <param name="maxDegreeOfParallelism">The most threads, the caller's among them; at least 1.</param>
    public void Predict(ReadOnlySpan<byte> bytes, Span<int> classes, int maxDegreeOfParallelism = 1) =>
        PredictRows(bytes, nameof(bytes), classes, maxDegreeOfParallelism);

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

    /// <inheritdoc cref="PredictProbabilities(ReadOnlySpan{float}, Span{float}, int)" path="/*[not(self::param)]"/>
    /// <param name="bytes">[n, f].</param>
    /// <param name="probabilities">P, [n, c].</param>
    /// <param name="maxDegreeOfParallelism">The most threads, the caller's among them; at least 1.</param>
    public void PredictProbabilities(ReadOnlySpan<byte> bytes, Span<float> probabilities, int maxDegreeOfParallelism = 1)
    {
        Scores(bytes, probabilities, maxDegreeOfParallelism);
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
        CheckScores(features.Length, nameof(features), scores.Length);
        Guard.Disjoint(scores, features, nameof(scores), nameof(features));
        Run(features, scores, maxDegreeOfParallelism);
    }

    /// <inheritdoc cref="Scores(ReadOnlySpan{float}, Span{float}, int)" path="/*[not(self::param)]"/>
    /// <param name="bytes">[n, f].</param>
    /// <param name="scores">Takes the scores, [n, c].</param>
    /// <param name="maxDegreeOfParallelism">The most threads, the caller's among them; at least 1.</param>
    public void Scores(ReadOnlySpan<byte> bytes, Span<float> scores, int maxDegreeOfParallelism = 1)
    {
        CheckScores(bytes.Length, nameof(bytes), scores.Length);
        Run(bytes, scores, maxDegreeOfParallelism);
    }

    private static PackedModel Read(SafetensorsReader file)
    {
        (FeatureShape input, float scale, float shift, PackedLayer[] layers) = PackedModelFile.Read(file);
        try
        {
            return new PackedModel(input, scale, shift, layers, ModelFactsFile.ReadClassNames(file));
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

    private int PredictRow<T>(ReadOnlySpan<T> row, string name)
        where T : unmanaged
    {
        Guard.Length(row.Length, FeatureCount, name, "the model's feature count");
        Span<int> classes = stackalloc int[1];
        PredictRows(row, name, classes, degree: 1);
        return classes[0];
    }

    private void PredictRows<T>(ReadOnlySpan<T> features, string name, Span<int> classes, int degree)
        where T : unmanaged
    {
        int rows = RowsOf(features.Length, name);
        Guard.Length(classes.Length, rows, nameof(classes), "the number of rows");
        int length = Guard.Product(rows, ClassCount, Array.MaxLength, "rows", nameof(ClassCount));
        float[] scores = ArrayPool<float>.Shared.Rent(length);
        Run(features, scores.AsSpan(0, length), degree);
        for (int i = 0; i < rows; i++)
            classes[i] = TensorPrimitives.IndexOfMax<float>(scores.AsSpan(i * ClassCount, ClassCount));
        ArrayPool<float>.Shared.Return(scores);
    }

    private void Run<T>(ReadOnlySpan<T> features, Span<float> scores, int degree)
        where T : unmanaged
    {
        Guard.AtLeast(degree, 1, "maxDegreeOfParallelism");
        FreeSet<PackedRun> free = degree == 1 ? _single : _parallel;
        PackedRun run = free.TryTake() is PackedRun known && known.Degree == degree ? known : new PackedRun(_kernels, degree);
        run.Run(features, scores);
        free.Return(run);
    }

    private void CheckScores(int length, string name, int scores) =>
        Guard.Area(scores, RowsOf(length, name), ClassCount, nameof(scores), "a row of classes for each row of inputs");

    private int RowsOf(int length, string name) => Guard.Rows(length, FeatureCount, name, nameof(FeatureCount));
}

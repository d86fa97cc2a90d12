using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Models.Networks;
using BinaryConnect.Training.Metrics;

namespace BinaryConnect.Training.Evaluation;

/// <summary>Evaluates a model on a data set, chunk by chunk, in buffers that are allocated once.</summary>
internal sealed class Evaluator
{
    // A model of very many classes or features has fewer rows in a chunk, which would otherwise take gigabytes.
    private const int MostChunkRows = 128, MostChunkValues = 1 << 26;

    private readonly int _chunkRows;
    private readonly IModel _model;
    private readonly ILoss _loss;
    private readonly Dataset _data;
    private readonly EvaluationForm? _form;
    private readonly Memory<float> _features;
    private readonly float[] _logits;
    private readonly float[] _sums;

    // Counts of the confusion matrix, [c, c]; empty where there are too many classes.
    private readonly int[] _counts;

    /// <param name="model">The model to evaluate.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="data">The examples.</param>
    /// <param name="form">The form of the model; null for the model as it is.</param>
    /// <exception cref="ArgumentException">
    /// Networks are drawn, and the sums of their outputs do not fit one buffer.
    /// </exception>
    public Evaluator(IModel model, ILoss loss, Dataset data, EvaluationForm? form = null)
    {
        _model = model;
        _loss = loss;
        _data = data;
        _form = form;
        bool widens = data.HasBytes && !model.AcceptsBytes;
        int widest = Math.Max(model.ClassCount, widens ? data.FeatureCount : 1);
        _chunkRows = Math.Clamp(MostChunkValues / widest, 1, Math.Min(MostChunkRows, RowLimit.Of(model)));
        int sums = form?.Samples > 0 ? SumsLength(model, data, nameof(data)) : 0;
        if (widens) _features = AlignedBuffer.Allocate(Length(_chunkRows, data.FeatureCount, nameof(data.FeatureCount)));
        _logits = new float[Length(_chunkRows, model.ClassCount, nameof(model.ClassCount))];
        _sums = new float[sums];
        _counts = model.ClassCount <= ConfusionMatrix.MostClasses ? new int[checked(model.ClassCount * model.ClassCount)] : [];
    }

    /// <summary>Puts the model into its form, where it stays, and evaluates it after a step of a run.</summary>
    public EvaluationResult Run(int step = 0, float learningRate = 0)
    {
        if (_form?.Samples > 0) SumOutputs(_form, step);
        _form?.UseWeights();
        _form?.UpdateStatistics();
        Array.Clear(_counts);
        double loss = 0;
        int correct = 0, classes = _model.ClassCount;
        for (int start = 0; start < _data.Count; start += RowsFrom(start))
        {
            ReadOnlySpan<int> labels = _data.Labels.Slice(start, RowsFrom(start));
            ReadOnlySpan<float> logits = _sums.Length > 0 ? MeanOutputs(start) : Outputs(start);
            loss += _loss.Compute(logits, labels) * labels.Length;
            for (int i = 0; i < labels.Length; i++)
            {
                int predicted = TensorPrimitives.IndexOfMax(logits.Slice(i * classes, classes));
                if (predicted == labels[i]) correct++;
                if (_counts.Length > 0) _counts[labels[i] * classes + predicted]++;
            }
        }

        double accuracy = (double)correct / _data.Count;
        return new EvaluationResult(step, learningRate, loss / _data.Count, accuracy, _data.Count, _form?.Weights)
        {
            Confusion = _counts.Length > 0 ? new ConfusionMatrix(classes, _counts) : null,
        };
    }

    /// <summary>The number of outputs of a data set, for the buffer of their sums.</summary>
    /// <exception cref="ArgumentException">It does not fit one buffer.</exception>
    public static int SumsLength(IModel model, Dataset data, string name) =>
        Guard.Product(data.Count, model.ClassCount, AlignedBuffer.MostLength, $"{name}.Count", nameof(model.ClassCount));

    private static int Length(int rows, int columns, string name) =>
        Guard.Product(rows, columns, AlignedBuffer.MostLength, "rows evaluated together", name);

    private int RowsFrom(int start) => Math.Min(_chunkRows, _data.Count - start);

    private Span<float> Outputs(int start)
    {
        int count = RowsFrom(start);
        Batch batch = _model.AcceptsBytes ? _data.ViewRaw(start, count) : _data.View(start, count, _features.Span);
        Span<float> logits = _logits.AsSpan(0, count * _model.ClassCount);
        _model.Infer(batch, logits);
        return logits;
    }

    private void SumOutputs(EvaluationForm form, int step)
    {
        Array.Clear(_sums);
        form.BeginSamples(step);
        for (int i = 0; i < form.Samples; i++)
        {
            form.UseSample();
            for (int start = 0; start < _data.Count; start += RowsFrom(start))
            {
                Span<float> sums = SumsOf(start);
                TensorPrimitives.Add(sums, Outputs(start), sums);
            }
        }
    }

    private Span<float> MeanOutputs(int start)
    {
        Span<float> sums = SumsOf(start), mean = _logits.AsSpan(0, sums.Length);
        TensorPrimitives.Divide(sums, _form!.Samples, mean);
        return mean;
    }

    private Span<float> SumsOf(int start) => _sums.AsSpan(start * _model.ClassCount, RowsFrom(start) * _model.ClassCount);
}

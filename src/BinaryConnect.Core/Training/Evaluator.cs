using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Kernels;
using BinaryConnect.Losses;
using BinaryConnect.Models;

namespace BinaryConnect.Training;

/// <summary>Measures a model on a data set, chunk by chunk, in buffers made once.</summary>
internal sealed class Evaluator
{
    private const int ChunkRows = 128;

    private readonly IModel _model;
    private readonly ILoss _loss;
    private readonly Dataset _data;
    private readonly Memory<float> _features;
    private readonly float[] _logits;

    public Evaluator(IModel model, ILoss loss, Dataset data)
    {
        _model = model;
        _loss = loss;
        _data = data;
        _features = data.HasBytes && !model.TakesBytes ? AlignedBuffer.Allocate(ChunkRows * data.FeatureCount) : default;
        _logits = new float[ChunkRows * model.ClassCount];
    }

    public EvaluationResult Run(int step, float learningRate)
    {
        double loss = 0;
        int correct = 0, classes = _model.ClassCount;
        for (int start = 0; start < _data.Count; start += ChunkRows)
        {
            int count = Math.Min(ChunkRows, _data.Count - start);
            Batch batch = _model.TakesBytes ? _data.ViewStored(start, count) : _data.View(start, count, _features.Span);
            Span<float> logits = _logits.AsSpan(0, batch.Count * classes);
            _model.Infer(batch, logits);
            loss += _loss.Compute(logits, batch.Labels) * batch.Count;
            for (int i = 0; i < batch.Count; i++)
            {
                if (TensorPrimitives.IndexOfMax<float>(logits.Slice(i * classes, classes)) == batch.Labels[i]) correct++;
            }
        }

        return new EvaluationResult(step, learningRate, loss / _data.Count, (double)correct / _data.Count, _data.Count);
    }
}

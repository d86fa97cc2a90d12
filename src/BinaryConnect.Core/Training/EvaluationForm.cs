using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;

namespace BinaryConnect.Training;

/// <summary>The form in which a run evaluates its model: the weights that it propagates and, where asked for, statistics that fit them.</summary>
internal sealed class EvaluationForm(IModel model, TrainerOptions options, Dataset train)
{
    private readonly int _batchSize = Math.Min(options.BatchSize, train.Count);

    /// <summary>Lets the model propagate the weights asked for.</summary>
    public void UseWeights()
    {
        if (options.EvaluationWeights == EvaluationWeights.Inference) model.Propagate(options.Binarizer.ForInference);
        else if (options.EvaluationWeights == EvaluationWeights.Latent) model.Propagate(new FullPrecision());
    }

    /// <summary>Recomputes the statistics for the weights propagated now, where that is asked for.</summary>
    public void UpdateStatistics()
    {
        if (options.RecomputeStatistics) model.RecomputeStatistics(train, _batchSize);
    }
}

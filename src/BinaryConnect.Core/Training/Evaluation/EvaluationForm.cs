using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;

namespace BinaryConnect.Training.Evaluation;

/// <summary>The form in which a model is evaluated: the weights that it propagates and, where asked for, statistics that fit them.</summary>
internal sealed class EvaluationForm
{
    private readonly IModel _model;
    private readonly TrainerOptions _options;
    private readonly Dataset? _train;
    private IBinarizer _sampler;

    /// <param name="model">What is evaluated.</param>
    /// <param name="options">With which weights.</param>
    /// <param name="train">What statistics are recomputed over; null to leave them.</param>
    public EvaluationForm(IModel model, TrainerOptions options, Dataset? train)
    {
        _model = model;
        _options = options;
        _train = train;
        _sampler = options.Binarizer;
    }

    /// <summary>Which weights the options ask for.</summary>
    public EvaluationWeights Weights => _options.EvaluationWeights;

    /// <summary>How many networks are drawn; 0 where none is.</summary>
    public int Samples => Weights == EvaluationWeights.SampledAverage ? _options.EvaluationSamples : 0;

    /// <summary>Lets the networks be drawn by numbers of their own, which the step alone decides and training never uses.</summary>
    public void BeginSamples(int step)
    {
        if (_options.Binarizer is StochasticBinarizer stochastic) _sampler = stochastic.ForEvaluation(step);
    }

    /// <summary>Makes the model the next of the networks that are drawn.</summary>
    public void UseSample()
    {
        _model.Binarize(_sampler, forInference: true);
        UpdateStatistics();
    }

    /// <summary>Lets the model propagate the weights asked for; where networks are drawn, the signs.</summary>
    public void UseWeights()
    {
        if (Weights is EvaluationWeights.Inference or EvaluationWeights.SampledAverage) _model.Binarize(_options.Binarizer.ForInference, forInference: true);
        else if (Weights == EvaluationWeights.Latent) _model.Binarize(new IdentityBinarizer(), forInference: true);
    }

    /// <summary>Recomputes the statistics for the weights propagated now, where that is asked for.</summary>
    public void UpdateStatistics()
    {
        if (_train is not null) _model.RecomputeStatistics(_train, Math.Min(_options.BatchSize, _train.Count));
    }
}

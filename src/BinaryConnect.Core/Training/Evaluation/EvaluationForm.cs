using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;

namespace BinaryConnect.Training.Evaluation;

/// <summary>
/// The form in which a model is evaluated: its effective weights and, if required, statistics that fit them.
/// </summary>
internal sealed class EvaluationForm
{
    private readonly IModel _model;
    private readonly TrainerOptions _options;
    private readonly Dataset? _train;
    private IBinarizer _sampler;

    /// <param name="model">The model to evaluate.</param>
    /// <param name="options">The options, which choose the weights.</param>
    /// <param name="train">The data to recompute statistics on; null to leave them.</param>
    public EvaluationForm(IModel model, TrainerOptions options, Dataset? train)
    {
        _model = model;
        _options = options;
        _train = train;
        _sampler = options.Binarizer;
    }

    /// <summary>The weights that the options choose.</summary>
    public EvaluationWeights Weights => _options.EvaluationWeights;

    /// <summary>The number of networks to draw; 0 unless networks are drawn.</summary>
    public int Samples => Weights == EvaluationWeights.SampledAverage ? _options.EvaluationSamples : 0;

    /// <summary>
    /// Begins draws for networks. They depend only on the step, and training never makes the same draws.
    /// </summary>
    public void BeginSamples(int step)
    {
        if (_options.Binarizer is StochasticBinarizer stochastic) _sampler = stochastic.ForEvaluation(step);
    }

    /// <summary>Draws the next network, and makes the model that network.</summary>
    public void UseSample()
    {
        _model.Binarize(_sampler, forInference: true);
        UpdateStatistics();
    }

    /// <summary>Binarizes the model to the chosen weights; if networks are drawn, to the signs.</summary>
    public void UseWeights()
    {
        if (Weights is EvaluationWeights.Inference or EvaluationWeights.SampledAverage)
            _model.Binarize(_options.Binarizer.ForInference, forInference: true);
        else if (Weights == EvaluationWeights.Latent)
            _model.Binarize(new LatentValues(), forInference: true);
    }

    /// <summary>Recomputes the statistics for the current effective weights, if required.</summary>
    public void UpdateStatistics()
    {
        if (_train is not null) _model.RecomputeStatistics(_train, Math.Min(_options.BatchSize, _train.Count));
    }
}

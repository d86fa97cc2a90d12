using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Kernels;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;

namespace BinaryConnect.Training;

/// <summary>
/// One step of BinaryConnect (paper, algorithm 1): binarize, forward, loss, backward, update, clip. It holds the work space
/// for its largest batch; no step allocates but the first, where the optimizer makes its state.
/// </summary>
public sealed class TrainingStep
{
    private readonly IModel _model;
    private readonly TrainerOptions _options;
    private readonly Parameter[] _parameters;
    private readonly Memory<float>[] _before;
    private readonly Statistic[] _statistics;
    private readonly float[][] _statisticsBefore;
    private readonly SplitUpdate _split;
    private readonly bool _clips;
    private readonly float[] _logits;
    private readonly float[] _logitsGradient;

    /// <summary>Prepares steps on a model. Of the options it uses the batch size, binarizer, loss, optimizer, rate scaling, clipping and number of threads.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range; the message has a line for each.</exception>
    public TrainingStep(IModel model, TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _model = model;
        model.MaxDegreeOfParallelism = options.MaxDegreeOfParallelism;
        _options = options;
        _parameters = [.. model.Parameters];
        _before = Array.ConvertAll(_parameters, parameter => AlignedBuffer.Allocate(parameter.Length));
        _statistics = [.. model.Statistics];
        _statisticsBefore = Array.ConvertAll(_statistics, statistic => new float[statistic.Values.Length]);
        WorkSplit threads = model is ISharesThreads shared ? shared.Threads : new WorkSplit(options.MaxDegreeOfParallelism);
        _split = new SplitUpdate(threads, _parameters);
        _clips = options.ClipsWeights;
        _logits = new float[checked(options.BatchSize * model.ClassCount)];
        _logitsGradient = new float[_logits.Length];
    }

    /// <summary>How many steps were taken.</summary>
    public int StepsTaken { get; internal set; }

    /// <summary>Takes a step. If anything comes out NaN or infinite, the latent weights and the model's statistics stay as they were.</summary>
    /// <param name="batch">X and labels, [n, f], n at most the batch size of the options.</param>
    /// <param name="learningRate">α, finite and not negative.</param>
    /// <returns>The loss before the update, and what the update changed.</returns>
    /// <exception cref="ArgumentException">The batch does not fit the model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is too large, or the rate out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a gradient is NaN or infinite, or a value is after its update and clip.</exception>
    public StepResult Run(Batch batch, float learningRate)
    {
        if (batch.Count > _options.BatchSize)
            throw new ArgumentOutOfRangeException(nameof(batch), $"'batch' has {batch.Count:N0} rows; it must have at most 'BatchSize', {_options.BatchSize:N0}.");
        Guard.NotNegative(learningRate, nameof(learningRate));
        Span<float> logits = _logits.AsSpan(0, batch.Count * _model.ClassCount);
        Span<float> logitsGradient = _logitsGradient.AsSpan(0, logits.Length);

        for (int i = 0; i < _statistics.Length; i++) _statistics[i].Values.CopyTo(_statisticsBefore[i]);
        _model.Propagate(_options.Binarizer);
        _model.Forward(batch, logits);
        double loss = _options.Loss.Compute(logits, batch.Labels, logitsGradient);
        if (!double.IsFinite(loss)) throw Diverged(learningRate, $"the loss is {loss}");
        _model.Backward(batch, logitsGradient);
        (int signFlips, double weightChange) = Update(learningRate);
        StepsTaken++;
        return new StepResult(loss, learningRate, signFlips, weightChange);
    }

    private (int SignFlips, double WeightChange) Update(float learningRate)
    {
        foreach (Parameter parameter in _parameters)
        {
            if (!_split.HasFiniteGradient(parameter))
                throw Diverged(learningRate, $"the gradient of '{parameter.Name}' is not finite");
            if (!float.IsFinite(learningRate * ScaleOf(parameter)))
                throw Diverged(learningRate, $"the scaled learning rate of '{parameter.Name}' is not finite");
        }

        int signFlips = 0;
        double weightChange = 0;
        for (int i = 0; i < _parameters.Length; i++)
        {
            Parameter parameter = _parameters[i];
            (int flips, double change) = Update(parameter, learningRate * ScaleOf(parameter), _before[i]);
            if (!double.IsFinite(change))
            {
                for (int done = 0; done <= i; done++) _before[done].Span.CopyTo(_parameters[done].Latent);
                throw Diverged(learningRate, $"the update of '{parameter.Name}' is not finite");
            }

            if (!parameter.IsWeight) continue;
            signFlips += flips;
            weightChange += change;
        }

        return (signFlips, weightChange);
    }

    private (int SignFlips, double WeightChange) Update(Parameter parameter, float rate, Memory<float> before)
    {
        float bound = _clips && parameter.IsWeight ? parameter.Bound : float.PositiveInfinity;
        if (_options.Optimizer is IFusedUpdate fused) return _split.Step(fused, parameter, rate, bound, before);
        parameter.Latent.CopyTo(before.Span);
        _options.Optimizer.Step(parameter, rate);
        if (float.IsFinite(bound)) WeightClip.Clip(parameter.Latent, bound);
        return Signs.Compare(before.Span, parameter.Latent);
    }

    private float ScaleOf(Parameter parameter)
    {
        if (!parameter.IsWeight) return parameter.RateScale;
        float c = parameter.GlorotCoefficient;
        return parameter.RateScale * _options.RateScaling switch
        {
            RateScaling.InverseGlorot => 1 / c,
            RateScaling.InverseGlorotSquared => 1 / (c * c),
            _ => 1,
        };
    }

    private TrainingDivergedException Diverged(float learningRate, string what)
    {
        for (int i = 0; i < _statistics.Length; i++) _statisticsBefore[i].CopyTo(_statistics[i].Values);
        return new TrainingDivergedException(StepsTaken + 1, learningRate, what);
    }
}

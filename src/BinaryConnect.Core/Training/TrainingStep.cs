using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Kernels;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;

namespace BinaryConnect.Training;

/// <summary>
/// One step of BinaryConnect (paper, algorithm 1): binarize, forward, loss, backward, update, clip. It holds the work space
/// for its largest batch; no step allocates but the first, where the optimizer makes its state, and one with a gradient beyond 2⁵⁸.
/// </summary>
public sealed class TrainingStep
{
    private readonly IModel _model;
    private readonly TrainerOptions _options;
    private readonly Parameter[] _parameters;

    // The latent values of parameters whose update may fail, as they were; empty for others.
    private readonly Memory<float>[] _before;
    private readonly bool[] _mayFail;
    private readonly float[] _rates;
    private readonly bool[] _hadLargeGradient;
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
        _before = new Memory<float>[_parameters.Length];
        _mayFail = new bool[_parameters.Length];
        _rates = new float[_parameters.Length];
        _hadLargeGradient = new bool[_parameters.Length];
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

    /// <summary>
    /// Takes a step. If anything comes out NaN or infinite of finite latent values, they and the model's statistics stay as they were.
    /// </summary>
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
        for (int i = 0; i < _parameters.Length; i++) _mayFail[i] = MayFail(i, learningRate);

        // What may fail comes first. Then it can be taken back alone, and no copy is made of what cannot.
        (int flips, double change) = UpdateThose(mayFail: true, learningRate);
        (int otherFlips, double otherChange) = UpdateThose(mayFail: false, learningRate);
        return (flips + otherFlips, change + otherChange);
    }

    private bool MayFail(int index, float learningRate)
    {
        Parameter parameter = _parameters[index];
        float rate = _rates[index] = learningRate * ScaleOf(parameter);
        bool isSmall = _split.HasFiniteGradient(parameter, float.MaxValue / IFusedUpdate.SmallGradient);
        if (!isSmall && !_split.HasFiniteGradient(parameter))
            throw Diverged(learningRate, $"the gradient of '{parameter.Name}' is not finite");
        if (!float.IsFinite(rate))
            throw Diverged(learningRate, $"the scaled learning rate of '{parameter.Name}' is not finite");
        _hadLargeGradient[index] |= !isSmall;
        bool isClipped = float.IsFinite(BoundOf(parameter));
        return _options.Optimizer is not IFusedUpdate || !isClipped || _hadLargeGradient[index] || rate > IFusedUpdate.OrdinaryRate;
    }

    private (int SignFlips, double WeightChange) UpdateThose(bool mayFail, float learningRate)
    {
        int signFlips = 0;
        double weightChange = 0;
        for (int i = 0; i < _parameters.Length; i++)
        {
            if (_mayFail[i] != mayFail) continue;
            Parameter parameter = _parameters[i];
            if (mayFail && _before[i].IsEmpty) _before[i] = AlignedBuffer.Allocate(parameter.Length);
            (int flips, double change) = Update(parameter, _rates[i], mayFail ? _before[i] : default);
            if (!double.IsFinite(change))
            {
                TakeBack(i);
                throw Diverged(learningRate, $"the update of '{parameter.Name}' is not finite");
            }

            if (!parameter.IsWeight) continue;
            signFlips += flips;
            weightChange += change;
        }

        return (signFlips, weightChange);
    }

    private void TakeBack(int last)
    {
        for (int i = 0; i <= last; i++)
        {
            if (_mayFail[i]) _before[i].Span.CopyTo(_parameters[i].Latent);
        }
    }

    private (int SignFlips, double WeightChange) Update(Parameter parameter, float rate, Memory<float> before)
    {
        float bound = BoundOf(parameter);
        if (_options.Optimizer is IFusedUpdate fused) return _split.Step(fused, parameter, rate, bound, before);
        parameter.Latent.CopyTo(before.Span);
        _options.Optimizer.Step(parameter, rate);
        if (float.IsFinite(bound)) WeightClip.Clip(parameter.Latent, bound);
        return Signs.Compare(before.Span, parameter.Latent);
    }

    private float BoundOf(Parameter parameter) => _clips && parameter.IsWeight ? parameter.Bound : float.PositiveInfinity;

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

using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models;
using BinaryConnect.Training.Steps;

namespace BinaryConnect.Training;

/// <summary>
/// One step of BinaryConnect (paper, algorithm 1): binarize, forward, loss, backward, update, clip. It holds the work
/// space for its largest batch. Only the first step allocates: model and optimizer may allocate their memory there.
/// </summary>
/// <remarks>
/// A step diverges if the loss, a statistic, an updated value or the state of a user's optimizer is NaN or infinite. It
/// also diverges if a gradient is 2⁵⁸ or more in magnitude, or a scaled rate is above 2⁴⁰. Then latent values,
/// statistics, optimizer state and draw counts are as they were after the last good step, and finite.
/// </remarks>
public sealed class TrainingStep
{
    private readonly IModel _model;
    private readonly TrainerOptions _options;
    private readonly StepSnapshot _snapshot;
    private readonly ParameterUpdates _updates;
    private readonly float[] _logits, _logitsGradient;

    /// <summary>
    /// Prepares steps on a model. Of the options it uses the batch size, binarizer, loss, optimizer, rate scaling,
    /// clipping and number of threads.
    /// </summary>
    /// <param name="model">The model to train.</param>
    /// <param name="options">The options of the steps.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// An option is out of range; the message has a line for each. Or the batch size is too small or too large for the
    /// model, or model or optimizer hold values that no step can continue from.
    /// </exception>
    public TrainingStep(IModel model, TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        BatchSizeCheck.Run(model, options);
        StateCheck.Run(model, options.Optimizer);
        _model = model;
        model.MaxDegreeOfParallelism = options.MaxDegreeOfParallelism;
        _options = options;
        _snapshot = new StepSnapshot(model, options.Binarizer);
        _updates = new ParameterUpdates(model, options);
        int length = Guard.Product(options.BatchSize, model.ClassCount, AlignedBuffer.MostLength, "BatchSize", "ClassCount");
        (_logits, _logitsGradient) = (new float[length], new float[length]);
    }

    /// <summary>The number of steps so far.</summary>
    public int StepsTaken { get; internal set; }

    /// <summary>Takes a step: <see cref="ComputeGradients"/>, then <see cref="Apply"/>.</summary>
    /// <param name="batch">X and labels, [n, f], n at most the batch size of the options.</param>
    /// <param name="learningRate">α, finite and not negative.</param>
    /// <returns>The loss before the update, and the changes by the update.</returns>
    /// <exception cref="ArgumentException">The batch does not fit the model, or has no labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is too large, or the rate out of range.</exception>
    /// <exception cref="TrainingDivergedException">The step diverged; nothing has changed.</exception>
    public StepResult Run(Batch batch, float learningRate)
    {
        Guard.NotNegative(learningRate, nameof(learningRate));
        return Apply(ComputeGradients(batch), learningRate);
    }

    /// <summary>
    /// Computes the loss of a batch, and the gradient of every parameter, with newly binarized weights.
    /// <see cref="Apply"/> must follow. In between, training on several machines averages losses and gradients.
    /// </summary>
    /// <param name="batch">X and labels, [n, f]; the last may be below <see cref="IModel.LeastRows"/>.</param>
    /// <returns>L, the mean loss of the batch; <see cref="Apply"/> throws if it is not finite.</returns>
    /// <exception cref="ArgumentException">The batch does not fit the model, or has no labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is too large.</exception>
    public double ComputeGradients(Batch batch)
    {
        BatchSizeCheck.Run(batch, _options);
        Span<float> logits = _logits.AsSpan(0, batch.Count * _model.ClassCount);
        Span<float> logitsGradient = _logitsGradient.AsSpan(0, logits.Length);
        _snapshot.Keep();
        try
        {
            _model.Binarize(_options.Binarizer);                                             // 1. w_b = binarize(w)
            _model.Forward(batch, logits);                                                    // 2. z = f(x; w_b)
            double loss = _options.Loss.Compute(logits, batch.Labels, logitsGradient);        // 3. L, dL/dz
            _model.Backward(batch, logitsGradient);                                           // 4. dL/dw_b, taken for dL/dw
            return loss;
        }
        catch
        {
            _snapshot.Restore();
            throw;
        }
    }

    /// <summary>Updates every parameter, w = clip(w − α·dL/dw, ±H), unless something diverged.</summary>
    /// <param name="loss">L, the result of <see cref="ComputeGradients"/>, or the mean of several machines.</param>
    /// <param name="learningRate">α, finite and not negative.</param>
    /// <returns>The loss, and the changes by the update.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of range.</exception>
    /// <exception cref="InvalidOperationException">No <see cref="ComputeGradients"/> came before.</exception>
    /// <exception cref="TrainingDivergedException">The step diverged; nothing has changed.</exception>
    public StepResult Apply(double loss, float learningRate)
    {
        Guard.NotNegative(learningRate, nameof(learningRate));
        if (!_snapshot.IsKept) throw new InvalidOperationException("'Apply' must follow 'ComputeGradients'.");
        try
        {
            if (Fault(loss, learningRate) is string what) throw new TrainingDivergedException(StepsTaken + 1, learningRate, what);
        }
        catch
        {
            _updates.Restore();
            _snapshot.Restore();
            throw;
        }

        _updates.Release();
        _snapshot.Release();
        StepsTaken++;
        return new StepResult(loss, learningRate, _updates.SignFlips, _updates.WeightChange);
    }

    // Every check that may fail comes before the update of clipped weights, which therefore need no copy.
    private string? Fault(double loss, float learningRate) => double.IsFinite(loss)
        ? _updates.Fault(learningRate) ?? _snapshot.Fault() ?? _updates.Run()
        : $"the loss is {loss}";
}

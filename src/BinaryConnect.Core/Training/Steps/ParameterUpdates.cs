using System.Numerics.Tensors;
using BinaryConnect.Binarization;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Models;
using BinaryConnect.Models.Networks;
using BinaryConnect.Optimizers;
using BinaryConnect.Threading;

namespace BinaryConnect.Training.Steps;

/// <summary>
/// Updates every parameter of a model by its gradient, and can undo that. Clipped weights stay finite by induction
/// (<see cref="IFusedUpdate"/>) and need no copy. All others are updated first: once they are known to be finite, the
/// step is valid.
/// </summary>
internal sealed class ParameterUpdates
{
    private readonly TrainerOptions _options;
    private readonly Parameter[] _parameters;
    private readonly float[] _rates;

    // Null for a parameter whose update cannot fail.
    private readonly ParameterCopy?[] _copies;
    private readonly ParallelUpdate _parallel;

    // Names a user's optimizer; null for one of this library.
    private readonly string? _byOwn;

    public ParameterUpdates(IModel model, TrainerOptions options)
    {
        _options = options;
        _byOwn = options.Optimizer is IFusedUpdate ? null : $" by {options.Optimizer.GetType().Name}";
        _parameters = [.. model.Parameters];
        _rates = new float[_parameters.Length];
        _copies = Array.ConvertAll(
            _parameters, parameter => CanFail(parameter) ? new ParameterCopy(parameter, options.Optimizer) : null);
        WorkerPool pool = model is ISharesThreads shared ? shared.Threads : new WorkerPool(options.MaxDegreeOfParallelism);
        _parallel = new ParallelUpdate(pool, _parameters);
    }

    /// <summary>The number of signs of weights that the last update changed.</summary>
    public int SignFlips { get; private set; }

    /// <summary>Σ |after − before| of the weights in the last update.</summary>
    public double WeightChange { get; private set; }

    /// <summary>The gradient or rate that counts as divergence; null if there is none. Nothing is updated.</summary>
    public string? Fault(float learningRate)
    {
        for (int i = 0; i < _parameters.Length; i++)
        {
            Parameter parameter = _parameters[i];
            if (!_parallel.HasSmallGradient(parameter)) return GradientFault(parameter);
            _rates[i] = learningRate * ScaleOf(parameter);
            if (!(_rates[i] <= IFusedUpdate.OrdinaryRate))
                return $"the scaled learning rate of '{parameter.Name}' is {_rates[i]}, above 2^40";
        }

        return null;
    }

    /// <summary>Updates every parameter, after <see cref="Fault"/> found nothing.</summary>
    /// <returns>
    /// The value that became NaN or infinite, so that the update must be undone; null if all are finite.
    /// </returns>
    public string? Run()
    {
        (SignFlips, WeightChange) = (0, 0);
        return RunThose(canFail: true) ?? RunThose(canFail: false);
    }

    /// <summary>Accepts the updates.</summary>
    public void Release()
    {
        foreach (ParameterCopy? copy in _copies) copy?.Release();
    }

    /// <summary>Undoes all updates since the last <see cref="Release"/>.</summary>
    public void Restore()
    {
        foreach (ParameterCopy? copy in _copies) copy?.Restore();
    }

    // The arithmetic of a user's optimizer is unknown. A value without a clip may overflow. With a wide clip the sum of
    // changes may.
    private bool CanFail(Parameter parameter) =>
        _options.Optimizer is not IFusedUpdate
        || !(BoundOf(parameter) <= IFusedUpdate.OrdinaryBound)
        || !FiniteCheck.All(parameter.Latent, IFusedUpdate.OrdinaryBound);

    private string? RunThose(bool canFail)
    {
        for (int i = 0; i < _parameters.Length; i++)
        {
            bool isMeant = _copies[i] is not null == canFail;
            if (isMeant && Update(_parameters[i], _rates[i], _copies[i]) is string fault) return fault;
        }

        return null;
    }

    private string? Update(Parameter parameter, float rate, ParameterCopy? copy)
    {
        copy?.Begin();
        float bound = BoundOf(parameter);
        (int flips, double change) = _options.Optimizer is IPartitionedOptimizer optimizer
            ? _parallel.Step(optimizer, parameter, rate, bound, copy)
            : Step(parameter, rate, bound, copy!);
        if (!double.IsFinite(change)) return $"the update of '{parameter.Name}'{_byOwn} is not finite";
        if (_byOwn is not null && !HasFiniteState(parameter))
            return $"the state of '{parameter.Name}'{_byOwn} is not finite: {_options.Optimizer.StateOf(parameter).Fault()}";
        if (!parameter.IsWeight) return null;
        SignFlips += flips;
        WeightChange += change;
        return null;
    }

    private (int SignFlips, double WeightChange) Step(Parameter parameter, float rate, float bound, ParameterCopy copy)
    {
        copy.KeepAll();
        _options.Optimizer.Step(parameter, rate);
        if (float.IsFinite(bound)) WeightClip.Clip(parameter.Latent, bound);
        return copy.Compare();
    }

    private bool HasFiniteState(Parameter parameter)
    {
        OptimizerState state = _options.Optimizer.StateOf(parameter);
        for (int i = 0; i < state.SlotNames.Count; i++)
        {
            if (!FiniteCheck.All(state.Slot(i))) return false;
        }

        return true;
    }

    private float BoundOf(Parameter parameter) => _options.Clips(parameter) ? parameter.Bound : float.PositiveInfinity;

    private float ScaleOf(Parameter parameter)
    {
        if (!parameter.IsWeight || parameter.Binarizer is { UsesBound: false }) return parameter.RateScale;
        float c = parameter.GlorotCoefficient;
        return parameter.RateScale * _options.RateScaling switch
        {
            RateScaling.InverseGlorot => 1 / c,
            RateScaling.InverseGlorotSquared => 1 / (c * c),
            _ => 1,
        };
    }

    private static string GradientFault(Parameter parameter)
    {
        if (!FiniteCheck.All(parameter.Gradient)) return $"the gradient of '{parameter.Name}' is not finite";
        float most = TensorPrimitives.MaxMagnitude<float>(parameter.Gradient);
        return $"the gradient of '{parameter.Name}' reaches {most}, 2^58 or more in magnitude";
    }
}

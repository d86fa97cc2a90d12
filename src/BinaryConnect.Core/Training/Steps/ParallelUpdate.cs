using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Threading;

namespace BinaryConnect.Training.Steps;

/// <summary>
/// Passes over parameters in stretches, on several threads where a parameter has more than one. A stretch has the same length for any
/// number of threads, and sums are added up in the order of stretches, so that they are the same to the bit.
/// </summary>
internal sealed class ParallelUpdate : IParallelWork
{
    // A multiple of every register's lanes; a pass over as many values takes longer than another thread takes to wake.
    private const int Stretch = 1 << 16;

    // 2⁷⁰: times this, what is 2⁵⁸ or more in magnitude overflows, and nothing else does.
    private const float SmallFactor = (float)(1UL << 63) * (1 << 7);

    private readonly WorkerPool _split;
    private readonly (int SignFlips, double WeightChange)[] _changes;
    private readonly bool[] _isSmall;
    private Parameter? _parameter;

    // The optimizer while it updates; null while gradients are looked at.
    private IFusedUpdate? _optimizer;
    private float _learningRate;
    private float _bound;
    private ParameterCopy? _copy;

    public ParallelUpdate(WorkerPool split, IReadOnlyList<Parameter> parameters)
    {
        _split = split;
        int most = parameters.Count == 0 ? 0 : parameters.Max(parameter => Stretches(parameter.Length));
        _changes = new (int, double)[most];
        _isSmall = new bool[most];
    }

    /// <summary>
    /// Whether every value of the gradient is below <see cref="IFusedUpdate.SmallGradient"/> in magnitude; NaN is not.
    /// </summary>
    public bool HasSmallGradient(Parameter parameter)
    {
        Run(parameter, optimizer: null);
        return !_isSmall.AsSpan(0, Stretches(parameter.Length)).Contains(false);
    }

    /// <summary>
    /// A step of the optimizer, clipped to ±<paramref name="bound"/>. Where there is a copy, which must have begun, it
    /// gets latent values and state as they were.
    /// </summary>
    /// <returns>How many signs changed, and Σ |after − before|.</returns>
    public (int SignFlips, double WeightChange) Step(
        IFusedUpdate optimizer, Parameter parameter, float learningRate, float bound, ParameterCopy? copy)
    {
        (_learningRate, _bound, _copy) = (learningRate, bound, copy);
        optimizer.BeginStep(parameter);
        Run(parameter, optimizer);
        int signFlips = 0;
        double weightChange = 0;
        foreach ((int flips, double change) in _changes.AsSpan(0, Stretches(parameter.Length)))
        {
            signFlips += flips;
            weightChange += change;
        }

        return (signFlips, weightChange);
    }

    void IParallelWork.Run(int part, int thread)
    {
        Parameter parameter = _parameter!;
        int start = part * Stretch, length = Math.Min(Stretch, parameter.Length - start);
        if (_optimizer is null)
        {
            _isSmall[part] = FiniteCheck.All(parameter.Gradient.Slice(start, length), SmallFactor);
            return;
        }

        _copy?.KeepState(start, length);
        Span<float> before = _copy is null ? parameter.Latent.Slice(start, length) : _copy.Latent(start, length);
        _changes[part] = _optimizer.Update(parameter, _learningRate, _bound, start, before);
    }

    private static int Stretches(int length) => (length + Stretch - 1) / Stretch;

    private void Run(Parameter parameter, IFusedUpdate? optimizer)
    {
        (_parameter, _optimizer) = (parameter, optimizer);
        _split.Run(this, Stretches(parameter.Length));
    }
}

using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Threading;

namespace BinaryConnect.Training.Steps;

/// <summary>
/// Updates parameters in parts, on several threads if a parameter has more than one part. The length of a part does not
/// depend on the number of threads, and sums are taken in the order of the parts. So they are the same to the bit.
/// </summary>
internal sealed class ParallelUpdate : IParallelWork
{
    // A multiple of every register's lanes. A pass over this many values takes longer than the wake-up of a thread.
    private const int PartLength = 1 << 16;

    // 2⁷⁰: times this, a value overflows exactly if it is 2⁵⁸ or more in magnitude.
    private const float SmallFactor = (float)(1UL << 63) * (1 << 7);

    private readonly WorkerPool _pool;
    private readonly (int SignFlips, double WeightChange)[] _changes;
    private readonly bool[] _isSmall;
    private Parameter? _parameter;

    // The optimizer during an update; null while gradients are checked.
    private IPartitionedOptimizer? _optimizer;
    private float _learningRate;
    private float _bound;
    private ParameterCopy? _copy;

    public ParallelUpdate(WorkerPool pool, IReadOnlyList<Parameter> parameters)
    {
        _pool = pool;
        int most = parameters.Count == 0 ? 0 : parameters.Max(parameter => PartCount(parameter.Length));
        _changes = new (int, double)[most];
        _isSmall = new bool[most];
    }

    /// <summary>
    /// Whether every value of the gradient is below <see cref="IFusedUpdate.SmallGradient"/> in magnitude; false for
    /// NaN.
    /// </summary>
    public bool HasSmallGradient(Parameter parameter)
    {
        Run(parameter, optimizer: null);
        return !_isSmall.AsSpan(0, PartCount(parameter.Length)).Contains(false);
    }

    /// <summary>
    /// A step of the optimizer, clipped to ±<paramref name="bound"/>. A copy, if there is one, must have begun. It
    /// receives the latent values and the state before the step.
    /// </summary>
    /// <returns>The number of signs that changed, and Σ |after − before|.</returns>
    public (int SignFlips, double WeightChange) Step(
        IPartitionedOptimizer optimizer, Parameter parameter, float learningRate, float bound, ParameterCopy? copy)
    {
        (_learningRate, _bound, _copy) = (learningRate, bound, copy);
        optimizer.BeginStep(parameter);
        Run(parameter, optimizer);
        int signFlips = 0;
        double weightChange = 0;
        foreach ((int flips, double change) in _changes.AsSpan(0, PartCount(parameter.Length)))
        {
            signFlips += flips;
            weightChange += change;
        }

        return (signFlips, weightChange);
    }

    void IParallelWork.Run(int part, int thread)
    {
        Parameter parameter = _parameter!;
        int start = part * PartLength, length = Math.Min(PartLength, parameter.Length - start);
        if (_optimizer is null)
        {
            _isSmall[part] = FiniteCheck.All(parameter.Gradient.Slice(start, length), SmallFactor);
            return;
        }

        _copy?.Keep(start, length);
        _changes[part] = _optimizer.Update(parameter, _learningRate, _bound, start, length);
    }

    private static int PartCount(int length) => (length + PartLength - 1) / PartLength;

    private void Run(Parameter parameter, IPartitionedOptimizer? optimizer)
    {
        (_parameter, _optimizer) = (parameter, optimizer);
        _pool.Run(this, PartCount(parameter.Length));
    }
}

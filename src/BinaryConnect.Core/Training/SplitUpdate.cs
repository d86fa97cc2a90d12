using BinaryConnect.Kernels;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;

namespace BinaryConnect.Training;

/// <summary>
/// Passes over parameters in stretches, on several threads where a parameter has more than one. A stretch has the same length for any
/// number of threads, and sums are added up in the order of stretches, so that they are the same to the bit.
/// </summary>
internal sealed class SplitUpdate : ISplitWork
{
    // A multiple of every register's lanes; a pass over as many values takes longer than another thread takes to wake.
    private const int Stretch = 1 << 16;

    private readonly WorkSplit _split;
    private readonly (int SignFlips, double WeightChange)[] _changes;
    private readonly bool[] _isFinite;
    private Parameter? _parameter;

    // The optimizer while it updates; null while gradients are looked at.
    private IFusedUpdate? _optimizer;
    private float _learningRate;
    private float _bound;
    private Memory<float> _before;
    private float _factor;

    public SplitUpdate(WorkSplit split, IReadOnlyList<Parameter> parameters)
    {
        _split = split;
        int most = parameters.Count == 0 ? 0 : parameters.Max(parameter => Stretches(parameter.Length));
        _changes = new (int, double)[most];
        _isFinite = new bool[most];
    }

    /// <summary>Whether no value of the gradient, times <paramref name="factor"/>, is NaN or infinite.</summary>
    public bool HasFiniteGradient(Parameter parameter, float factor = 1)
    {
        _factor = factor;
        Run(parameter, optimizer: null);
        return !_isFinite.AsSpan(0, Stretches(parameter.Length)).Contains(false);
    }

    /// <summary>
    /// A step of the optimizer, clipped to ±<paramref name="bound"/>; <paramref name="before"/> gets the latent values as they were,
    /// unless it is empty.
    /// </summary>
    /// <returns>How many signs changed, and Σ |after − before|.</returns>
    public (int SignFlips, double WeightChange) Step(IFusedUpdate optimizer, Parameter parameter, float learningRate, float bound, Memory<float> before)
    {
        (_learningRate, _bound, _before) = (learningRate, bound, before);
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

    void ISplitWork.Run(int part, int thread)
    {
        Parameter parameter = _parameter!;
        int start = part * Stretch, length = Math.Min(Stretch, parameter.Length - start);
        if (_optimizer is null)
        {
            _isFinite[part] = Finite.All(parameter.Gradient.Slice(start, length), _factor);
            return;
        }

        Span<float> before = _before.IsEmpty ? parameter.Latent : _before.Span;
        _changes[part] = _optimizer.Update(parameter, _learningRate, _bound, start, before.Slice(start, length));
    }

    private static int Stretches(int length) => (length + Stretch - 1) / Stretch;

    private void Run(Parameter parameter, IFusedUpdate? optimizer)
    {
        (_parameter, _optimizer) = (parameter, optimizer);
        _split.Run(this, Stretches(parameter.Length));
    }
}

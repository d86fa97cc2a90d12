using BinaryConnect.Guards;
using BinaryConnect.Settings;
using static System.FormattableString;

namespace BinaryConnect.Schedules;

/// <summary>
/// Multiplies the rate of another schedule by (t + 1)/steps in the first steps, and leaves it as it is afterwards.
/// </summary>
public sealed class LinearWarmup : ILearningRateSchedule, IDescribable
{
    private readonly ILearningRateSchedule _inner;
    private readonly int _steps;

    /// <summary>Wraps a schedule. Its steps count from the start of the run, warm-up included.</summary>
    /// <param name="inner">The schedule to warm up.</param>
    /// <param name="steps">The number of steps of the warm-up, at least 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="inner"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is below 1.</exception>
    public LinearWarmup(ILearningRateSchedule inner, int steps)
    {
        ArgumentNullException.ThrowIfNull(inner);
        Guard.AtLeast(steps, 1, nameof(steps));
        _inner = inner;
        _steps = steps;
    }

    /// <inheritdoc/>
    public bool ListensToEvaluations => _inner.ListensToEvaluations;

    /// <summary>The state of the wrapped schedule.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<double> State
    {
        get => _inner.State;
        set => _inner.State = value;
    }

    /// <inheritdoc/>
    public float RateAt(int step)
    {
        Guard.AtLeast(step, 0, nameof(step));
        float rate = _inner.RateAt(step);
        // In double precision no product of a rate and a number of steps overflows.
        return step < _steps ? (float)((double)rate * (step + 1) / _steps) : rate;
    }

    /// <inheritdoc/>
    public bool Observe(double loss) => _inner.Observe(loss);

    /// <inheritdoc/>
    public void Reset() => _inner.Reset();

    string IDescribable.Kind => "linear_warmup";

    void IDescribable.Describe(SettingsWriter to)
    {
        to.WriteObject("inner", _inner);
        to.Write("steps", _steps);
    }

    /// <summary>Kind and settings: "LinearWarmup(ConstantRate(rate: 0.1), steps: 100)".</summary>
    public override string ToString() => Invariant($"{nameof(LinearWarmup)}({_inner}, steps: {_steps})");
}

using BinaryConnect.Guards;
using BinaryConnect.Settings;
using static System.FormattableString;

namespace BinaryConnect.Schedules;

/// <summary>
/// α(t) = α₀ · factor^⌊t / every⌋. The tutorial's full-precision run: 0.5, times 0.8 after every 20 steps.
/// </summary>
public sealed class StepDecay : ILearningRateSchedule, IDescribable
{
    private readonly float _initialRate;
    private readonly float _factor;
    private readonly int _every;

    /// <summary>Multiplies the rate by a factor at equal distances.</summary>
    /// <param name="initialRate">α₀, finite and not negative.</param>
    /// <param name="factor">The factor of one decay, above 0 and at most 1.</param>
    /// <param name="every">The number of steps between two decays, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public StepDecay(float initialRate, float factor, int every)
    {
        Guard.NotNegative(initialRate, nameof(initialRate));
        Guard.Factor(factor, nameof(factor));
        Guard.AtLeast(every, 1, nameof(every));
        _initialRate = initialRate;
        _factor = factor;
        _every = every;
    }

    /// <inheritdoc/>
    public float RateAt(int step)
    {
        Guard.AtLeast(step, 0, nameof(step));
        return (float)(_initialRate * Math.Pow(_factor, step / _every));
    }

    string IDescribable.Kind => "step_decay";

    void IDescribable.Describe(SettingsWriter to)
    {
        to.Write("initial_rate", _initialRate);
        to.Write("factor", _factor);
        to.Write("every", _every);
    }

    /// <summary>Kind and settings: "StepDecay(initialRate: 0.5, factor: 0.8, every: 20)".</summary>
    public override string ToString() =>
        Invariant($"{nameof(StepDecay)}(initialRate: {_initialRate}, factor: {_factor}, every: {_every})");
}

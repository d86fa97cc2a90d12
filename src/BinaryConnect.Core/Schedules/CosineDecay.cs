using BinaryConnect.Guards;
using BinaryConnect.Settings;
using static System.FormattableString;

namespace BinaryConnect.Schedules;

/// <summary>
/// α(t) = α₁ + (α₀ − α₁) · (1 + cos(π · t / steps)) / 2, and α₁ from step <c>steps</c> on (Loshchilov and Hutter, 2017,
/// without restarts).
/// </summary>
public sealed class CosineDecay : ILearningRateSchedule, IDescribable
{
    private readonly float _initialRate;
    private readonly float _finalRate;
    private readonly int _steps;

    /// <summary>Lets the rate fall along half a cosine.</summary>
    /// <param name="initialRate">α₀, finite and not negative.</param>
    /// <param name="steps">The number of steps until the rate is α₁, at least 1.</param>
    /// <param name="finalRate">α₁, finite and not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public CosineDecay(float initialRate, int steps, float finalRate = 0)
    {
        Guard.NotNegative(initialRate, nameof(initialRate));
        Guard.AtLeast(steps, 1, nameof(steps));
        Guard.NotNegative(finalRate, nameof(finalRate));
        _initialRate = initialRate;
        _steps = steps;
        _finalRate = finalRate;
    }

    /// <inheritdoc/>
    public float RateAt(int step)
    {
        Guard.AtLeast(step, 0, nameof(step));
        if (step >= _steps) return _finalRate;
        return (float)(_finalRate + ((double)_initialRate - _finalRate) * (1 + Math.Cos(Math.PI * step / _steps)) / 2);
    }

    string IDescribable.Kind => "cosine_decay";

    void IDescribable.Describe(SettingsWriter to)
    {
        to.Write("initial_rate", _initialRate);
        to.Write("steps", _steps);
        to.Write("final_rate", _finalRate);
    }

    /// <summary>Kind and settings: "CosineDecay(initialRate: 0.1, steps: 1000, finalRate: 0)".</summary>
    public override string ToString() =>
        Invariant($"{nameof(CosineDecay)}(initialRate: {_initialRate}, steps: {_steps}, finalRate: {_finalRate})");
}

using BinaryConnect.Guards;
using BinaryConnect.Settings;
using static System.FormattableString;

namespace BinaryConnect.Schedules;

/// <summary>α(t) = α₀.</summary>
public sealed class ConstantRate : ILearningRateSchedule, IDescribable
{
    private readonly float _rate;

    /// <summary>Keeps one rate.</summary>
    /// <param name="rate">α₀, finite and not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is out of range.</exception>
    public ConstantRate(float rate)
    {
        Guard.NotNegative(rate, nameof(rate));
        _rate = rate;
    }

    /// <inheritdoc/>
    public float RateAt(int step)
    {
        Guard.AtLeast(step, 0, nameof(step));
        return _rate;
    }

    string IDescribable.Kind => "constant";

    void IDescribable.Describe(SettingsWriter to) => to.Write("rate", _rate);

    /// <summary>Kind and settings: "ConstantRate(rate: 0.1)".</summary>
    public override string ToString() => Invariant($"{nameof(ConstantRate)}(rate: {_rate})");
}

using BinaryConnect.Guards;
using BinaryConnect.Settings;
using static System.FormattableString;

namespace BinaryConnect.Schedules;

/// <summary>
/// From one rate to another by a constant factor each epoch: α(e) = α₀ · (α₁/α₀)^(e / (epochs − 1)) in epoch e. The
/// rate stays α₁ after the last epoch (the paper's MNIST experiment, section 3.1).
/// </summary>
public sealed class ExponentialDecay : ILearningRateSchedule, IDescribable
{
    private readonly float _initialRate;
    private readonly float _finalRate;
    private readonly int _epochs;
    private readonly int _stepsPerEpoch;

    /// <summary>Lets the rate fall, or rise, by a constant factor each epoch.</summary>
    /// <param name="initialRate">α₀, the rate of the first epoch, positive.</param>
    /// <param name="finalRate">α₁, the rate of the last epoch, positive.</param>
    /// <param name="epochs">The number of epochs, at least 2.</param>
    /// <param name="stepsPerEpoch">The number of steps in an epoch, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public ExponentialDecay(float initialRate, float finalRate, int epochs, int stepsPerEpoch)
    {
        Guard.Positive(initialRate, nameof(initialRate));
        Guard.Positive(finalRate, nameof(finalRate));
        Guard.AtLeast(epochs, 2, nameof(epochs));
        Guard.AtLeast(stepsPerEpoch, 1, nameof(stepsPerEpoch));
        _initialRate = initialRate;
        _finalRate = finalRate;
        _epochs = epochs;
        _stepsPerEpoch = stepsPerEpoch;
    }

    /// <inheritdoc/>
    public float RateAt(int step)
    {
        Guard.AtLeast(step, 0, nameof(step));
        int epoch = step / _stepsPerEpoch;
        if (epoch >= _epochs - 1) return _finalRate;
        return (float)(_initialRate * Math.Pow((double)_finalRate / _initialRate, epoch / (_epochs - 1.0)));
    }

    string IDescribable.Kind => "exponential_decay";

    void IDescribable.Describe(SettingsWriter to)
    {
        to.Write("initial_rate", _initialRate);
        to.Write("final_rate", _finalRate);
        to.Write("epochs", _epochs);
        to.Write("steps_per_epoch", _stepsPerEpoch);
    }

    /// <summary>
    /// Kind and settings: "ExponentialDecay(initialRate: 0.3, finalRate: 0.01, epochs: 1000, stepsPerEpoch: 250)".
    /// </summary>
    public override string ToString() =>
        Invariant($"{nameof(ExponentialDecay)}(initialRate: {_initialRate}, finalRate: {_finalRate}, ")
        + Invariant($"epochs: {_epochs}, stepsPerEpoch: {_stepsPerEpoch})");
}

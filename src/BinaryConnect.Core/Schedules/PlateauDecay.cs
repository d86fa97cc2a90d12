using BinaryConnect.Guards;
using BinaryConnect.Settings;
using static System.FormattableString;

namespace BinaryConnect.Schedules;

/// <summary>
/// α = α₀ · factor^decays, where evaluations decide when the rate decays. Without patience this is the tutorial's rule:
/// the rate decays whenever the loss is above that of the last evaluation. The first loss is compared with 0. With
/// patience p, it decays after p evaluations in a row without a loss below the best so far. The run stops at decay
/// number <c>maxDecays</c>; the tutorial's "more than 4 changes" is 5.
/// </summary>
public sealed class PlateauDecay : ILearningRateSchedule, IDescribable
{
    // A count that continues from here does not overflow during a run.
    private const int MostCount = 1 << 30;

    private readonly float _initialRate;
    private readonly float _factor;
    private readonly int _maxDecays;
    private readonly int? _patience;
    private double _reference;
    private int _waited;

    /// <summary>Lets the rate fall when the loss does not.</summary>
    /// <param name="initialRate">α₀, finite and not negative.</param>
    /// <param name="factor">The factor of one decay, above 0 and at most 1.</param>
    /// <param name="maxDecays">The number of the decay that ends the run, at least 1.</param>
    /// <param name="patience">
    /// The number of evaluations without a new best loss before a decay, at least 1; null for the tutorial's rule.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public PlateauDecay(float initialRate, float factor, int maxDecays, int? patience = null)
    {
        Guard.NotNegative(initialRate, nameof(initialRate));
        Guard.Factor(factor, nameof(factor));
        Guard.AtLeast(maxDecays, 1, nameof(maxDecays));
        if (patience is int evaluations) Guard.AtLeast(evaluations, 1, nameof(patience));
        _initialRate = initialRate;
        _factor = factor;
        _maxDecays = maxDecays;
        _patience = patience;
        Reset();
    }

    /// <summary>The number of decays in this run.</summary>
    public int Decays { get; private set; }

    /// <inheritdoc/>
    public bool ListensToEvaluations => true;

    /// <summary>
    /// Three numbers: decays, evaluations since the best loss or the last decay, and the loss to compare the next one
    /// with.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// There are not three numbers, a count is negative, above 2³⁰ or not a whole number, or the loss is NaN.
    /// </exception>
    public IReadOnlyList<double> State
    {
        get => [Decays, _waited, _reference];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Guard.Length(value.Count, 3, nameof(State), "decays, evaluations waited and a loss");
            if (!(IsCount(value[0]) && IsCount(value[1]) && !double.IsNaN(value[2])))
                throw new ArgumentException(
                    Invariant($"'{nameof(State)}' is {value[0]}, {value[1]}, {value[2]}; it must be two counts and a loss."),
                    nameof(State));
            (Decays, _waited, _reference) = ((int)value[0], (int)value[1], value[2]);
        }
    }

    /// <inheritdoc/>
    public float RateAt(int step)
    {
        Guard.AtLeast(step, 0, nameof(step));
        return (float)(_initialRate * Math.Pow(_factor, Decays));
    }

    /// <inheritdoc/>
    public bool Observe(double loss)
    {
        bool decays = _patience is int patience ? HasWaited(loss, patience) : HasRisen(loss);
        // One decay more would overflow: the exponent would be negative, and the rate infinite.
        if (decays && Decays < int.MaxValue) Decays++;
        return Decays >= _maxDecays;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        Decays = 0;
        _waited = 0;
        _reference = _patience is null ? 0 : double.PositiveInfinity;
    }

    string IDescribable.Kind => "plateau_decay";

    void IDescribable.Describe(SettingsWriter to)
    {
        to.Write("initial_rate", _initialRate);
        to.Write("factor", _factor);
        to.Write("max_decays", _maxDecays);
        to.Write("patience", _patience);
    }

    /// <summary>
    /// Kind and settings: "PlateauDecay(initialRate: 0.5, factor: 0.9, maxDecays: 5, patience: null)".
    /// </summary>
    public override string ToString() =>
        Invariant($"{nameof(PlateauDecay)}(initialRate: {_initialRate}, factor: {_factor}, maxDecays: {_maxDecays}, ")
        + Invariant($"patience: {_patience?.ToString() ?? "null"})");

    private bool HasRisen(double loss)
    {
        bool risen = loss > _reference;
        _reference = loss;
        return risen;
    }

    private static bool IsCount(double value) => value is >= 0 and <= MostCount && double.IsInteger(value);

    private bool HasWaited(double loss, int patience)
    {
        if (loss < _reference)
        {
            _reference = loss;
            _waited = 0;
            return false;
        }

        bool isLast = _waited >= patience - 1;
        _waited = isLast ? 0 : _waited + 1;
        return isLast;
    }
}

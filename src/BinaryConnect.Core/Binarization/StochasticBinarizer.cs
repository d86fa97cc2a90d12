using BinaryConnect.Guards;
using BinaryConnect.Kernels.Random;
using BinaryConnect.Settings;
using static System.FormattableString;

namespace BinaryConnect.Binarization;

/// <summary>
/// w_b = +H with probability hard_sigmoid(w/H) = clip((w/H + 1)/2, 0, 1), else −H (paper, equations 2 and 3). Every
/// call makes a new draw from Philox 4x32-7, counted by <see cref="Draws"/>. A latent weight at ±H always keeps its
/// sign. Not safe from several threads at once.
/// </summary>
/// <param name="seed">The same seed gives the same draws, call by call.</param>
public sealed class StochasticBinarizer(int seed) : ISignBinarizer, IDescribable
{
    // Draws for evaluations count from here, beyond those of any training; this many are reserved for each step.
    private const long FirstEvaluationDraw = 1L << 55, DrawsPerEvaluation = 1L << 24;

    // The upper 8 bits of a stream's number are its purpose.
    private const long MostDraws = (1L << 56) - 1;

    private long _draws;

    /// <summary>The seed, which determines each draw together with the draw's number.</summary>
    public int Seed { get; } = seed;

    /// <summary>The number of calls so far, each one draw; set it to continue from an earlier run.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or 2⁵⁶ or more.</exception>
    public long Draws
    {
        get => _draws;
        set
        {
            Guard.Count(value, nameof(Draws), MostDraws);
            _draws = value;
        }
    }

    /// <summary>The signs: nothing is drawn at test time.</summary>
    public IBinarizer ForInference { get; } = new DeterministicBinarizer();

    /// <summary>
    /// Effectively computes <c>destination[i] = u_i &lt; (weights[i]/bound + 1)/2 ? bound : −bound</c>, and adds one to
    /// <see cref="Draws"/>. u_i is uniform in [0, 1), with 40 random bits. NaN gives −H.
    /// </summary>
    /// <inheritdoc/>
    public void Binarize(ReadOnlySpan<float> weights, Span<float> destination, float bound = 1)
    {
        Guard.Length(destination.Length, weights.Length, nameof(destination), "the length of 'weights'");
        Guard.SameOrDisjoint(destination, weights, nameof(destination), nameof(weights));
        Guard.Positive(bound, nameof(bound));
        StochasticSigns.Binarize(weights, bound, (ulong)_draws++, (ulong)Seed, destination);
    }

    /// <summary>
    /// A binarizer of the same seed, whose draws depend on the step and differ from those of training.
    /// </summary>
    internal StochasticBinarizer ForEvaluation(int step) =>
        new(Seed) { Draws = FirstEvaluationDraw + step * DrawsPerEvaluation };

    ulong ISignBinarizer.BeginCall() => (ulong)_draws++;

    void ISignBinarizer.BinarizePart(ReadOnlySpan<float> weights, Span<float> destination, float bound, int first, ulong call) =>
        StochasticSigns.Binarize(weights, bound, first, call, (ulong)Seed, destination);

    string IDescribable.Kind => "stochastic";

    void IDescribable.Describe(SettingsWriter to) => to.Write("seed", Seed);

    /// <summary>Kind and settings: "StochasticBinarizer(seed: 1)".</summary>
    public override string ToString() => Invariant($"{nameof(StochasticBinarizer)}(seed: {Seed})");
}

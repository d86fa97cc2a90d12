using BinaryConnect.Guards;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Models;
using BinaryConnect.Settings;
using static System.FormattableString;

namespace BinaryConnect.Optimizers;

/// <summary>
/// Adam (Kingma and Ba, 2015, algorithm 1): m = β₁·m + (1 − β₁)·g, v = β₂·v + (1 − β₂)·g²,
/// w −= α · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε). t counts the steps of each parameter from 1. A |g| below 2⁻⁵⁰ counts
/// as 0, and so does an |m| or a v below 2⁻¹⁰⁰. They would decay to subnormal numbers, which slow down some processors.
/// </summary>
public sealed class Adam : IFusedUpdate, IDescribable
{
    // If |g| ≤ 2⁵⁸ and |m| ≤ 2⁵⁹, the next |m| is at most 2⁵⁹, rounding included. The same holds for v with squares.
    private const float MostMean = 2 * IFusedUpdate.SmallGradient;
    private const float MostVariance = 2 * IFusedUpdate.SmallGradient * IFusedUpdate.SmallGradient;

    private readonly StateTable _states = new(new("mean", -MostMean, MostMean), new("variance", 0, MostVariance));

    /// <summary>Creates an optimizer without any state.</summary>
    /// <param name="beta1">β₁, the decay of the mean; at least 0 and below 1.</param>
    /// <param name="beta2">β₂, the decay of the uncentred variance; at least 0 and below 1.</param>
    /// <param name="epsilon">ε, added to the root; positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public Adam(float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f)
    {
        Guard.Fraction(beta1, nameof(beta1));
        Guard.Fraction(beta2, nameof(beta2));
        Guard.Positive(epsilon, nameof(epsilon));
        Beta1 = beta1;
        Beta2 = beta2;
        Epsilon = epsilon;
    }

    /// <summary>β₁.</summary>
    public float Beta1 { get; }

    /// <summary>β₂.</summary>
    public float Beta2 { get; }

    /// <summary>ε.</summary>
    public float Epsilon { get; }

    /// <inheritdoc/>
    public void Step(Parameter parameter, float learningRate) => ((IFusedUpdate)this).StepWhole(parameter, learningRate);

    void IPartitionedOptimizer.BeginStep(Parameter parameter) => _states.Of(parameter).CountStep();

    // The form of each average is chosen here, once for all values.
    (int SignFlips, double WeightChange) IPartitionedOptimizer.Update(
        Parameter parameter, float learningRate, float bound, int start, int length)
    {
        return (Beta1 < 0.5f, Beta2 < 0.5f) switch
        {
            (false, false) => Update<IncrementalAverage, IncrementalAverage>(parameter, learningRate, bound, start, length),
            (false, true) => Update<IncrementalAverage, WeightedAverage>(parameter, learningRate, bound, start, length),
            (true, false) => Update<WeightedAverage, IncrementalAverage>(parameter, learningRate, bound, start, length),
            (true, true) => Update<WeightedAverage, WeightedAverage>(parameter, learningRate, bound, start, length),
        };
    }

    /// <summary>Two groups of values, "mean" (m) and "variance" (v).</summary>
    /// <inheritdoc/>
    public OptimizerState StateOf(Parameter parameter) => _states.Of(parameter);

    /// <inheritdoc/>
    public void Reset() => _states.Reset();

    string IDescribable.Kind => "adam";

    void IDescribable.Describe(SettingsWriter to)
    {
        to.Write("beta1", Beta1);
        to.Write("beta2", Beta2);
        to.Write("epsilon", Epsilon);
    }

    /// <summary>Kind and settings: "Adam(beta1: 0.9, beta2: 0.999, epsilon: 1E-08)".</summary>
    public override string ToString() => Invariant($"{nameof(Adam)}(beta1: {Beta1}, beta2: {Beta2}, epsilon: {Epsilon})");

    private (int SignFlips, double WeightChange) Update<TMean, TVariance>(
        Parameter parameter, float learningRate, float bound, int start, int length)
        where TMean : struct, IRunningAverage
        where TVariance : struct, IRunningAverage
    {
        OptimizerState state = _states.Of(parameter);
        Span<float> mean = state.Slot(0).Slice(start, length), variance = state.Slot(1).Slice(start, length);
        var coefficients = new AdamCoefficients(
            Rate: (float)(learningRate / (1 - Math.Pow(Beta1, state.Steps))),
            KeptMean: Beta1,
            NewMean: 1 - Beta1,
            KeptVariance: Beta2,
            NewVariance: 1 - Beta2,
            VarianceCorrection: (float)(1 / (1 - Math.Pow(Beta2, state.Steps))),
            Epsilon);
        var rule = new AdamRule<TMean, TVariance>(parameter.Gradient.Slice(start, length), mean, variance, coefficients);
        Span<float> values = parameter.Latent.Slice(start, length);
        return LatentUpdate.Run(rule, values, values, bound);
    }
}

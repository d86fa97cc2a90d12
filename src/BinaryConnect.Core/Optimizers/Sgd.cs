using System.Numerics;
using System.Numerics.Tensors;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Models;
using BinaryConnect.Settings;
using static System.FormattableString;

namespace BinaryConnect.Optimizers;

/// <summary>
/// Stochastic gradient descent. Plain: w −= α·g (the tutorial's <c>update_params</c>). With momentum μ: v = μ·v + g,
/// w −= α·v. Nesterov's: w −= α·(g + μ·v) with the new v. A |v| below 2⁻¹⁰⁰ counts as 0: it would decay to subnormal
/// numbers, which slow down some processors.
/// </summary>
public sealed class Sgd : IFusedUpdate, IDescribable
{
    private readonly StateTable _states;

    /// <summary>Creates an optimizer without any state.</summary>
    /// <param name="momentum">μ, at least 0 and below 1; 0 for plain descent.</param>
    /// <param name="nesterov">Whether to look ahead along the velocity; needs momentum.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="momentum"/> is out of range.</exception>
    /// <exception cref="ArgumentException"><paramref name="nesterov"/> is true without momentum.</exception>
    public Sgd(float momentum = 0, bool nesterov = false)
    {
        Guard.Fraction(momentum, nameof(momentum));
        if (nesterov && momentum == 0)
            throw new ArgumentException(
                "'nesterov' is true and 'momentum' is 0; Nesterov's method must have momentum above 0.", nameof(nesterov));
        Momentum = momentum;
        Nesterov = nesterov;
        float most = MostVelocity(momentum);
        _states = momentum > 0 ? new StateTable(new SlotLimits("velocity", -most, most)) : new StateTable();
    }

    /// <summary>μ.</summary>
    public float Momentum { get; }

    /// <summary>Whether it looks ahead along the velocity.</summary>
    public bool Nesterov { get; }

    /// <summary>
    /// Effectively computes <c>values[i] = values[i] − learningRate · gradient[i]</c> (the tutorial's
    /// <c>update_params</c>).
    /// </summary>
    /// <param name="values">w, in place.</param>
    /// <param name="gradient">g, of the same length; apart from <paramref name="values"/>, or the same.</param>
    /// <param name="learningRate">α, finite and not negative.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="learningRate"/> is negative, NaN or infinite.
    /// </exception>
    public static void Update(Span<float> values, ReadOnlySpan<float> gradient, float learningRate)
    {
        Guard.Length(gradient.Length, values.Length, nameof(gradient), "the length of 'values'");
        Guard.SameOrDisjoint(values, gradient, nameof(values), nameof(gradient));
        Guard.NotNegative(learningRate, nameof(learningRate));
        TensorPrimitives.MultiplyAdd(gradient, -learningRate, values, values);
    }

    /// <inheritdoc/>
    public void Step(Parameter parameter, float learningRate) => ((IFusedUpdate)this).StepWhole(parameter, learningRate);

    void IPartitionedOptimizer.BeginStep(Parameter parameter) => _states.Of(parameter).CountStep();

    (int SignFlips, double WeightChange) IPartitionedOptimizer.Update(
        Parameter parameter, float learningRate, float bound, int start, int length)
    {
        Span<float> values = parameter.Latent.Slice(start, length), gradient = parameter.Gradient.Slice(start, length);
        if (Momentum == 0) return LatentUpdate.Run(new DescentRule(gradient, learningRate), values, values, bound);
        Span<float> velocity = _states.Of(parameter).Slot(0).Slice(start, length);
        FlushToZero.Decay(velocity, Momentum, gradient);
        return Nesterov
            ? LatentUpdate.Run(new NesterovRule(gradient, velocity, learningRate, Momentum), values, values, bound)
            : LatentUpdate.Run(new DescentRule(velocity, learningRate), values, values, bound);
    }

    /// <summary>One group of values, "velocity", with momentum; none without.</summary>
    /// <inheritdoc/>
    public OptimizerState StateOf(Parameter parameter) => _states.Of(parameter);

    /// <inheritdoc/>
    public void Reset() => _states.Reset();

    string IDescribable.Kind => "sgd";

    void IDescribable.Describe(SettingsWriter to)
    {
        to.Write("momentum", Momentum);
        to.Write("nesterov", Nesterov);
    }

    /// <summary>Kind and settings: "Sgd(momentum: 0.9, nesterov: False)".</summary>
    public override string ToString() => Invariant($"{nameof(Sgd)}(momentum: {Momentum}, nesterov: {Nesterov})");

    // A power of two L ≥ 2⁵⁸ / (1 − μ). Then μ·L is exact and μ·L + 2⁵⁸ ≤ L, so rounding keeps every velocity within L.
    private static float MostVelocity(float momentum) =>
        IFusedUpdate.SmallGradient * BitOperations.RoundUpToPowerOf2((ulong)Math.Ceiling(1 / (1.0 - momentum)));
}

using BinaryConnect.Guards;
using BinaryConnect.Models;

namespace BinaryConnect.Optimizers;

/// <summary>
/// An optimizer that updates, clips and counts in one pass, in stretches of a parameter that may run on different threads. Where
/// latent values are finite, every gradient that the parameter has had is below <see cref="SmallGradient"/>, and rates are up to
/// <see cref="OrdinaryRate"/>, no updated value is NaN: squares and running sums stay finite, and what overflows is clipped.
/// </summary>
internal interface IFusedUpdate
{
    /// <summary>2⁵⁸.</summary>
    const float SmallGradient = 1L << 58;

    /// <summary>2⁴⁰.</summary>
    const float OrdinaryRate = 1L << 40;

    /// <summary>Begins a step of the parameter; then all its stretches must be updated, each once.</summary>
    void BeginStep(Parameter parameter);

    /// <summary>
    /// Does what <see cref="IOptimizer.Step"/> does to the latent values from <paramref name="start"/> on, as many as
    /// <paramref name="before"/> has, and clips them to ±<paramref name="bound"/>, which is infinite for no clip. <paramref name="before"/>
    /// gets these values as they were; it may be themselves, for who needs no copy.
    /// </summary>
    /// <returns>How many signs changed, and Σ |after − before|.</returns>
    (int SignFlips, double WeightChange) Update(Parameter parameter, float learningRate, float bound, int start, Span<float> before);

    /// <summary>A step of the whole parameter without a clip, for <see cref="IOptimizer.Step"/>.</summary>
    sealed void StepWhole(Parameter parameter, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Guard.NotNegative(learningRate, nameof(learningRate));
        BeginStep(parameter);
        Update(parameter, learningRate, float.PositiveInfinity, 0, parameter.Latent);
    }
}

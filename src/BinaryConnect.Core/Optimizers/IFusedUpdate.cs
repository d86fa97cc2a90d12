using BinaryConnect.Guards;
using BinaryConnect.Models;

namespace BinaryConnect.Optimizers;

/// <summary>
/// A <see cref="IPartitionedOptimizer"/> of this library. Its clipped weights never become NaN or infinite, so that a
/// step needs no copy of them to undo an update.
/// </summary>
/// <remarks>
/// Its values stay finite by induction. Let every gradient be below <see cref="SmallGradient"/> in magnitude, every
/// scaled rate at most <see cref="OrdinaryRate"/>, and every state without a <see cref="OptimizerState.Fault"/>. Then
/// the next state has no fault either. An updated value is finite, or infinite and then clipped to its bound, and never
/// NaN. A step treats a gradient or a rate beyond these limits as divergence, before it updates anything.
/// </remarks>
internal interface IFusedUpdate : IPartitionedOptimizer
{
    /// <summary>2⁵⁸: every gradient is below it in magnitude.</summary>
    const float SmallGradient = 1L << 58;

    /// <summary>2⁴⁰: no scaled rate is above it.</summary>
    const float OrdinaryRate = 1L << 40;

    /// <summary>2⁶⁴: up to this bound a parameter's Σ |after − before| does not overflow.</summary>
    const float OrdinaryBound = (float)(1L << 32) * (1L << 32);

    /// <summary>A step of the whole parameter without a clip, for <see cref="IOptimizer.Step"/>.</summary>
    sealed void StepWhole(Parameter parameter, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Guard.NotNegative(learningRate, nameof(learningRate));
        BeginStep(parameter);
        Update(parameter, learningRate, float.PositiveInfinity, 0, parameter.Length);
    }
}

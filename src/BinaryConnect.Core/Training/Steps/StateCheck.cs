using System.Numerics.Tensors;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;

namespace BinaryConnect.Training.Steps;

/// <summary>
/// Checks all state that outlives a step, before the first step. Every step leaves it finite if it was finite before
/// (<see cref="IFusedUpdate"/>).
/// </summary>
internal static class StateCheck
{
    /// <summary>
    /// Throws unless latent values and statistics are finite and in range, and the optimizer can continue from its
    /// state.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A value or state is invalid; the message names it and its remedy.
    /// </exception>
    public static void Run(IModel model, IOptimizer optimizer)
    {
        foreach (Parameter parameter in model.Parameters)
        {
            if (!FiniteCheck.All(parameter.Latent)) throw NotFinite(parameter.Name);
        }

        foreach (Statistic statistic in model.Statistics)
        {
            if (!FiniteCheck.All(statistic.Values)) throw NotFinite(statistic.Name);
            if (statistic.Least > float.MinValue
                && TensorPrimitives.Min<float>(statistic.Values) is float least && least < statistic.Least)
                throw new ArgumentException(
                    $"'{statistic.Name}' of the model has {least}; all values must be at least {statistic.Least}.",
                    nameof(model));
        }

        foreach (Parameter parameter in model.Parameters)
        {
            if (optimizer.StateOf(parameter).Fault() is string fault)
                throw new ArgumentException(
                    $"'Optimizer', {optimizer.GetType().Name}, cannot go on from its state of '{parameter.Name}': {fault}. "
                    + "Call its 'Reset' first, or give it another state.");
        }

        static ArgumentException NotFinite(string name) =>
            new($"'{name}' of the model has NaN or infinite values; all must be finite.", nameof(model));
    }
}

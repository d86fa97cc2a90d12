using BinaryConnect.Models;

namespace BinaryConnect.Optimizers;

/// <summary>
/// An optimizer that updates, clips and counts in one pass, in parts of a parameter that run on different threads. A
/// training step calls it in place of <see cref="IOptimizer.Step"/>.
/// </summary>
public interface IPartitionedOptimizer : IOptimizer
{
    /// <summary>Begins a step of a parameter. Then each of its parts is updated once.</summary>
    /// <param name="parameter">The parameter to update.</param>
    void BeginStep(Parameter parameter);

    /// <summary>
    /// Updates some latent values as <see cref="IOptimizer.Step"/> does, and clips them to ±<paramref name="bound"/>.
    /// Safe from different threads for different parts. A value must not depend on the parts.
    /// </summary>
    /// <param name="parameter">The parameter to update, by its <see cref="Parameter.Gradient"/>.</param>
    /// <param name="learningRate">α, finite and not negative; scaling for the parameter is already in it.</param>
    /// <param name="bound">H, positive; infinite for no clip.</param>
    /// <param name="start">The first value of the part.</param>
    /// <param name="length">The number of values of the part.</param>
    /// <returns>The number of signs that changed (0 and −0 are positive), and Σ |after − before|.</returns>
    (int SignFlips, double WeightChange) Update(Parameter parameter, float learningRate, float bound, int start, int length);
}

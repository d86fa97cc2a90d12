using BinaryConnect.Models;

namespace BinaryConnect.Optimizers;

/// <summary>
/// Updates the latent values of one parameter by its gradient. It does not clip. Its state outlives a run of a trainer:
/// schedules and random draws begin anew with each run, an optimizer does not. One caller at a time.
/// </summary>
public interface IOptimizer
{
    /// <summary>Takes one step. Only the first one for a parameter may allocate.</summary>
    /// <param name="parameter">The parameter to update, by its <see cref="Parameter.Gradient"/>.</param>
    /// <param name="learningRate">α, finite and not negative; scaling for the parameter is already in it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parameter"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="learningRate"/> is negative, NaN or infinite.
    /// </exception>
    void Step(Parameter parameter, float learningRate);

    /// <summary>
    /// The optimizer's state of a parameter, to be saved or set; created, all 0, if there is none yet.
    /// </summary>
    /// <param name="parameter">The parameter of the state.</param>
    /// <returns>The live state: a written value takes effect at the next step.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="parameter"/> is null.</exception>
    OptimizerState StateOf(Parameter parameter);

    /// <summary>
    /// Resets the state of every parameter, as in a new optimizer. No run calls it. Call it before a run that must not
    /// continue with the moments of an earlier one.
    /// </summary>
    void Reset();
}

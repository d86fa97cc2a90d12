using BinaryConnect.Models;

namespace BinaryConnect.Optimizers;

/// <summary>
/// Moves the latent values of one parameter by its gradient. It does not clip. What it remembers of a parameter
/// outlives a run: schedules, and whatever draws at random, begin anew with a run of a trainer, and an optimizer does
/// not. One caller at a time.
/// </summary>
public interface IOptimizer
{
    /// <summary>Takes one step. Only the first one for a parameter may allocate.</summary>
    /// <param name="parameter">What is moved, by its <see cref="Parameter.Gradient"/>.</param>
    /// <param name="learningRate">α, finite and not negative; scaling for the parameter is already in it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parameter"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="learningRate"/> is negative, NaN or infinite.</exception>
    void Step(Parameter parameter, float learningRate);

    /// <summary>What the optimizer remembers of a parameter, to be saved or set; made, all 0, where it does not exist yet.</summary>
    /// <param name="parameter">Whose state.</param>
    /// <returns>The live state: what is written to it takes effect at the next step.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="parameter"/> is null.</exception>
    OptimizerState StateOf(Parameter parameter);

    /// <summary>
    /// Forgets what it remembers of every parameter: from here on it works as one just made. No run calls it. Call it
    /// before a run that must not go on with the moments of an earlier one.
    /// </summary>
    void Reset();
}

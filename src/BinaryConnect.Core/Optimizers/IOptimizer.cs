using BinaryConnect.Models;

namespace BinaryConnect.Optimizers;

/// <summary>Moves the latent values of one parameter by its gradient. Clipping is not its business. One caller at a time.</summary>
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
}

using BinaryConnect.Models;

namespace BinaryConnect.Optimizers;

/// <summary>An optimizer that updates, clips and counts in one pass.</summary>
internal interface IFusedUpdate
{
    /// <summary>
    /// Effectively takes <see cref="IOptimizer.Step"/> and clips to ±<paramref name="bound"/>, which is infinite for no clip;
    /// <paramref name="before"/> gets the latent values as they were; it may be the
    /// latent values themselves, for who needs no copy.
    /// </summary>
    /// <returns>How many signs changed, and Σ |after − before|.</returns>
    (int SignFlips, double WeightChange) Step(Parameter parameter, float learningRate, float bound, Span<float> before);
}

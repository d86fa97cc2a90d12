namespace BinaryConnect.Training;

/// <summary>Which weights an evaluation uses. Only signs make a one-bit result.</summary>
public enum EvaluationWeights
{
    /// <summary>
    /// What the binarizer's <see cref="Binarization.IBinarizer.ForInference"/> makes of the updated latent weights: their
    /// signs (paper, section 2.6, first way); for <see cref="Binarization.IdentityBinarizer"/> the weights themselves.
    /// </summary>
    Inference,

    /// <summary>The weights that the last step propagated, with the updated bias, as the tutorial does.</summary>
    LastStep,

    /// <summary>The real latent weights (paper, section 2.6, second way).</summary>
    Latent,

    /// <summary>
    /// Those of several networks that <see cref="Binarization.StochasticBinarizer"/> draws from the updated latent weights; their
    /// outputs are averaged (paper, section 2.6, third way). How many is <see cref="TrainerOptions.EvaluationSamples"/>.
    /// </summary>
    SampledAverage,
}

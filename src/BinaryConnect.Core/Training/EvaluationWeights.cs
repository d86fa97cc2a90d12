namespace BinaryConnect.Training;

/// <summary>The weights of an evaluation. Only signs make a one-bit result.</summary>
public enum EvaluationWeights
{
    /// <summary>
    /// The updated latent weights after the binarizer's <see cref="Binarization.IBinarizer.ForInference"/>: their signs
    /// (paper, section 2.6, first way). For <see cref="Binarization.IdentityBinarizer"/> the weights themselves.
    /// </summary>
    Inference,

    /// <summary>The effective weights of the last step, with the updated bias, as in the tutorial.</summary>
    LastStep,

    /// <summary>
    /// The real latent weights (paper, section 2.6, second way), also of a parameter that has its own binarizer.
    /// </summary>
    Latent,

    /// <summary>
    /// The weights of several networks that <see cref="Binarization.StochasticBinarizer"/> draws from the updated
    /// latent weights. Their outputs are averaged (paper, section 2.6, third way).
    /// <see cref="TrainerOptions.EvaluationSamples"/> is the number of networks.
    /// </summary>
    SampledAverage,
}

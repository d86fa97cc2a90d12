using BinaryConnect.Binarization;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>Evaluated weights in the output: the option's word, and what they are.</summary>
internal static class WeightsText
{
    /// <summary>The weights of a saved model.</summary>
    public static string Of(EvaluationWeights weights) =>
        $"{OptionParsing.NameOf(weights)} weights ({(weights == EvaluationWeights.Latent ? "real" : "signs")})";

    /// <summary>The weights that a run of these options is evaluated with.</summary>
    public static string Of(TrainerOptions options)
    {
        string what = options switch
        {
            { Binarizer: IdentityBinarizer } or { EvaluationWeights: EvaluationWeights.Latent } => "real",
            { EvaluationWeights: EvaluationWeights.SampledAverage } => $"{options.EvaluationSamples} networks drawn at random",
            { EvaluationWeights: EvaluationWeights.LastStep } => "as the last step used them",
            _ => "signs",
        };
        return $"{OptionParsing.NameOf(options.EvaluationWeights)} weights ({what})";
    }
}

using BinaryConnect.Models;

namespace BinaryConnect.Samples.Experiments.JitterStudy;

/// <summary>Latent weights and biases at one step, and the test accuracy of their signs.</summary>
internal sealed record ModelState(float[] Weights, float[] Bias, double Accuracy)
{
    /// <summary>The state of a model.</summary>
    public static ModelState Of(LogisticModel model, double accuracy) =>
        new(model.Weights.Latent.ToArray(), model.Bias.Latent.ToArray(), accuracy);
}

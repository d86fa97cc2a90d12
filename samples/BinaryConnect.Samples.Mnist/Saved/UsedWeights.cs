namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>The weights that a saved model predicts with.</summary>
internal enum UsedWeights
{
    /// <summary>The signs of the latent weights: one bit each.</summary>
    Signs,

    /// <summary>The latent weights themselves: 32 bits each.</summary>
    Real,
}

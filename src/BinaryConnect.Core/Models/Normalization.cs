namespace BinaryConnect.Models;

/// <summary>The normalization after every dense layer of a <see cref="MultilayerPerceptron"/>.</summary>
public enum Normalization
{
    /// <summary>Nothing; the layers have biases.</summary>
    None,

    /// <summary>
    /// Batch normalization, the output layer included. The layers have no biases, since it would subtract them again.
    /// </summary>
    Batch,
}

namespace BinaryConnect.Models;

/// <summary>The normalization after every dense layer of a <see cref="MultilayerPerceptron"/>.</summary>
public enum Normalization
{
    /// <summary>Nothing; the layers have biases.</summary>
    None,

    /// <summary>
    /// Batch normalization, the output included; the layers have no biases, which it would take away again.
    /// </summary>
    Batch,
}

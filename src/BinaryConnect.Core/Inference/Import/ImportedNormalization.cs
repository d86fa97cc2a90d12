namespace BinaryConnect.Inference.Import;

/// <summary>
/// The tensors of a batch normalization, y = γ · (z − μ) / √(σ² + Epsilon) + β, by their names; each is [m].
/// </summary>
/// <param name="Mean">μ, the running mean.</param>
/// <param name="Variance">σ², the running variance.</param>
public sealed record ImportedNormalization(string Mean, string Variance)
{
    /// <summary>γ; null for 1.</summary>
    public string? Gamma { get; init; }

    /// <summary>β; null for 0.</summary>
    public string? Beta { get; init; }

    /// <summary>The summand of the variance, finite and at least 0. PyTorch has 1e-5, Keras 1e-3.</summary>
    public float Epsilon { get; init; } = 1e-5f;
}

using BinaryConnect.Guards;
using BinaryConnect.Settings;

namespace BinaryConnect.Binarization;

/// <summary>
/// The baseline: effective weights are the latent ones (the paper's row "no regularizer", the tutorial's first run).
/// </summary>
public sealed class IdentityBinarizer : IBinarizer, IDescribable
{
    /// <summary>
    /// Effectively computes <c>destination[i] = weights[i]</c>, whatever the bound. Deterministic, and safe from any
    /// number of threads.
    /// </summary>
    /// <inheritdoc/>
    public void Binarize(ReadOnlySpan<float> weights, Span<float> destination, float bound = 1)
    {
        Guard.Length(destination.Length, weights.Length, nameof(destination), "the length of 'weights'");
        Guard.SameOrDisjoint(destination, weights, nameof(destination), nameof(weights));
        Guard.Positive(bound, nameof(bound));
        weights.CopyTo(destination);
    }

    /// <summary>False: latent weights are used as they are.</summary>
    public bool UsesBound => false;

    string IDescribable.Kind => "identity";

    void IDescribable.Describe(SettingsWriter to)
    {
    }
}
